package mail

import "strings"

// compose chooses the words for the occasion.
func compose(kind Kind, d Data, link string) (letter, error) {
	var l letter
	var err error
	switch kind {
	case Invitation:
		l, err = invitation(d, link)
	case Reminder:
		l = reminder(d, link)
	case Confirmation:
		l = confirmation(d, link)
	case TimeChange:
		l = timeChange(d, link)
	case PlaceChange:
		l = placeChange(d, link)
	case RuleChange:
		l = ruleChange(d, link)
	case Cancellation:
		l = cancellation(d, link)
	case Withdrawal:
		l = withdrawal(d)
	case Promotion:
		l = promotion(d, link)
	case AccountInvitation:
		l = accountInvitation(d, link)
	case PasswordReset:
		l = passwordReset(d, link)
	case Evaluation:
		l = evaluation(d, link)
	case EvaluationDue:
		l = evaluationDue(d, link)
	case BriefReview:
		l = briefReview(d, link)
	case FollowUp:
		l = followUp(d, link)
	case CommitmentDue:
		l = commitmentDue(d, link)
	case Cohost:
		l = cohost(d, link)
	}
	if err != nil {
		return letter{}, err
	}
	l.footer = d.footer(kind)
	return l, nil
}

// footer closes every message: who sends it, whom to ask, whose the link is.
func (d Data) footer(kind Kind) []string {
	var out []string
	if d.Institute != "" {
		out = append(out, "Sent by "+d.Institute+".")
	}
	if c := d.contact(); c != "" {
		out = append(out, "Questions? "+c)
	}
	if kind.hasLink() {
		out = append(out, "The link is for you alone: please do not forward it.")
	}
	return out
}

const answerByLink = "The calendar entry is for your own calendar. An answer given there does not reach us: please answer by your link."

// aboutCalendar says, where a calendar entry comes with the message, that it
// is not the way to answer.
func (d Data) aboutCalendar() string {
	if d.CalendarMethod != "REQUEST" || d.Calendar == nil {
		return ""
	}
	return answerByLink
}

func until(deadline, otherwise string) string {
	if deadline == "" {
		return otherwise
	}
	return "until " + deadline
}

func (d Data) day() string {
	zone, err := location(d.Zone)
	if err != nil || d.Start.IsZero() {
		return ""
	}
	return ", " + d.Start.In(zone).Format("January 2, 2006")
}

func invitation(d Data, link string) (letter, error) {
	l := letter{subject: "Invitation: " + d.Title + d.day()}
	text := d.Text
	if text == "" {
		text = DefaultInvitation
	}
	filled, err := Fill(text, d.values(link))
	if err != nil {
		return letter{}, err
	}
	if !strings.Contains(filled, link) {
		return letter{}, ErrNoLink
	}
	// A placeholder without a value may have left an empty line behind.
	for p := range strings.SplitSeq(lines(filled), "\n\n") {
		if p == link {
			l.give(link, "Answer the invitation")
		} else {
			l.say(p)
		}
	}
	facts := d.facts()
	facts = add(facts, "Please answer by", d.deadline())
	l.list(facts)
	l.say(d.aboutCalendar())
	return l, nil
}

func reminder(d Data, link string) letter {
	l := letter{subject: "Please answer: " + d.Title + d.day()}
	ask := "We have not yet heard whether you can join us at “" + d.Title + "”. Yes, no or perhaps: each answer helps us plan the table."
	if d.Answer == AnswerTentative {
		ask = "You wrote that you may be able to join us at “" + d.Title + "”. Can you tell us now whether you are coming?"
	}
	l.say(d.greeting()+",", ask,
		"Please answer by your link"+prefixed(" ", until(d.deadline(), ""))+":")
	l.give(link, "Answer the invitation")
	l.list(d.facts())
	l.say(d.aboutCalendar())
	return l
}

func prefixed(prefix, s string) string {
	if s == "" {
		return ""
	}
	return prefix + s
}

var confirmations = map[Answer]struct{ subject, heading, words string }{
	AnswerAccepted:   {"You’re coming: ", "You’re coming.", "Thank you. A seat is kept for you."},
	AnswerTentative:  {"You may be coming: ", "You may be coming.", "Thank you. We noted that you are not sure yet. A seat is kept for you once you accept."},
	AnswerDeclined:   {"You can’t attend: ", "You can’t attend.", "Thank you for telling us. We are sorry to miss you."},
	AnswerWaitlisted: {"You are on the waiting list: ", "The table is full for now.", "You are on the waiting list. If a seat comes free for you, we write."},
	AnswerDelegated:  {"You are sending a delegate: ", "You are sending a delegate.", "Thank you. The host looks at your proposal, and we then write to your delegate."},
}

func confirmation(d Data, link string) letter {
	words, ok := confirmations[d.Answer]
	if !ok {
		words.subject, words.heading, words.words = "Your answer: ", "We have your answer.", "Thank you."
	}
	l := letter{subject: words.subject + d.Title + d.day(), heading: words.heading}
	l.say(d.greeting()+",", words.words, "You can see your answer by your link, and change it "+until(d.deadline(), "there")+":")
	l.give(link, "See or change your answer")
	l.list(d.facts())
	l.say(d.aboutCalendar(), "Not you? If somebody else gave this answer, please tell us.")
	return l
}

func timeChange(d Data, link string) letter {
	// Only who holds a seat is asked again; the others have yet to say yes.
	ask, again := "Can you come?", ""
	if d.Accepted {
		ask, again = "Can you still come?", " again"
	}
	l := letter{subject: "New time, " + strings.ToLower(ask[:1]) + ask[1:] + " " + d.Title, heading: "The roundtable has moved."}
	l.say(d.greeting()+",", "“"+d.Title+"” takes place at a new time. "+ask, "Please answer"+again+" by your link"+prefixed(" ", until(d.deadline(), ""))+":")
	l.give(link, "Answer for the new time")
	l.list(d.factsSince(d.Was))
	l.say(d.aboutCalendar())
	return l
}

func placeChange(d Data, link string) letter {
	l := letter{subject: "Changed details: " + d.Title + d.day(), heading: "Details of the roundtable have changed."}
	l.say(d.greeting()+",", "Please note what has changed. Your answer stands.")
	l.list(d.factsSince(d.Was))
	l.say("You can see or change your answer by your link:")
	l.give(link, "See or change your answer")
	l.say(d.aboutCalendar())
	return l
}

func ruleChange(d Data, link string) letter {
	l := letter{subject: "New attribution rule: " + d.Title + d.day(), heading: "The attribution rule has changed."}
	l.say(d.greeting()+",", "“"+d.Title+"” is now held under another rule for what is said there. It was “"+d.Was.Regime.Name()+"” and is “"+d.Regime.Name()+"”. Your answer stands.",
		"You can see or change your answer by your link:")
	l.give(link, "See or change your answer")
	l.list(d.facts())
	return l
}

func cancellation(d Data, link string) letter {
	l := letter{subject: "Canceled: " + d.Title + d.day(), heading: "The roundtable is canceled."}
	l.say(d.greeting()+",", "“"+d.Title+"” will not take place. We are sorry for the change to your plans.")
	l.quote(d.Reason)
	l.list(d.occasion())
	l.say("Your answer stays readable by your link:")
	l.give(link, "See your answer")
	return l
}

// occasion returns which roundtable and when, for messages after which the
// guest is not expected there.
func (d Data) occasion() []fact {
	var out []fact
	out = add(out, "Roundtable", d.Title)
	out = add(out, "When", d.when())
	return add(out, "Our time", d.whenForUs())
}

func withdrawal(d Data) letter {
	l := letter{subject: "Your invitation is withdrawn: " + d.Title + d.day(), heading: "Your invitation is withdrawn."}
	l.say(d.greeting()+",", "We have taken back your invitation to “"+d.Title+"”, and no longer expect you. The link that we sent you no longer opens it.")
	l.quote(d.Reason)
	l.list(d.occasion())
	return l
}

func promotion(d Data, link string) letter {
	l := letter{subject: "A seat is free for you: " + d.Title + d.day(), heading: "You’re coming."}
	l.say(d.greeting()+",", "A seat at “"+d.Title+"” has become free, and it is yours. You are no longer on the waiting list.",
		"If you cannot come after all, please tell us by your link, so that we can offer the seat to somebody else:")
	l.give(link, "See or change your answer")
	l.list(d.facts())
	l.say(d.aboutCalendar())
	return l
}

func accountInvitation(d Data, link string) letter {
	l := letter{subject: "Your account for the roundtables of " + d.Institute, heading: "Your account is ready."}
	l.say(d.greeting()+",", d.Institute+" plans its roundtables with Rotunda and has set up an account for you.",
		"Choose your password by this link"+prefixed(", valid ", until(d.deadline(), ""))+":")
	l.give(link, "Choose your password")
	l.say("If you did not expect this, nothing needs to be done.")
	return l
}

func passwordReset(d Data, link string) letter {
	l := letter{subject: "Choose a new password", heading: "Choose a new password."}
	l.say(d.greeting()+",", "Somebody, most likely you, asked for a new password to your account at "+d.Institute+".",
		"Choose it by this link"+prefixed(", valid ", until(d.deadline(), ""))+":")
	l.give(link, "Choose a new password")
	l.say("If it was not you, nothing needs to be done: your password stays as it is.")
	return l
}

// evaluation does not name what is to be evaluated: it is read behind the link.
func evaluation(d Data, link string) letter {
	l := letter{subject: "Please evaluate a recommendation of " + d.Institute, heading: "Your judgment is asked for."}
	l.say(d.greeting()+",", d.Institute+" asks you to evaluate a recommendation on three criteria. You score for yourself first; nobody sees your scores before all are revealed.",
		"Please read it and score it by this link"+prefixed(", ", until(d.deadline(), ""))+":")
	l.give(link, "Read and score")
	l.say("If you have an interest of your own in the matter, the page lets you say so, or abstain.")
	return l
}

func evaluationDue(d Data, link string) letter {
	l := letter{subject: "Your scores are still missing: " + d.Institute, heading: "Your scores are still missing."}
	l.say(d.greeting()+",", d.Institute+" asked you to evaluate a recommendation, and this round waits for your scores. The panel goes on when all have scored or its time is over.",
		"Please score it by this link"+prefixed(", ", until(d.deadline(), ""))+":")
	l.give(link, "Read and score")
	l.say("If you would rather not, the page lets you abstain.")
	return l
}

// followUp does not name the recommendation: it is read behind the link.
func followUp(d Data, link string) letter {
	l := letter{subject: "You wanted to come back to a recommendation today", heading: "What became of it?"}
	l.say(d.greeting()+",", "You asked to be reminded of a recommendation that was adopted. Has its addressee answered, has anything been done, is there evidence of it?",
		"Please note what you know on its page:")
	l.give(link, "Open the recommendation")
	return l
}

// briefReview does not name the brief: it is read behind the link.
func briefReview(d Data, link string) letter {
	l := letter{subject: "Please read a brief before it is published", heading: "A colleague asks you to read a brief."}
	l.say(d.greeting()+",", "You are asked to read a brief of "+d.Institute+" before it is approved and published. Write your comments beside it, and say when you have read it.",
		"You find it by this link; sign in first:")
	l.give(link, "Read the brief")
	return l
}

// commitmentDue names neither the promise nor the roundtable: both are read
// behind the link.
func commitmentDue(d Data, link string) letter {
	l := letter{subject: "A commitment waits to be followed up", heading: "What became of it?"}
	l.say(d.greeting()+",", "A follow-up that somebody took on at one of your roundtables is due, or somebody of its team asked for this reminder.",
		"Please see what was promised, and note what became of it:")
	l.give(link, "Open the commitments")
	return l
}

// cohost leaves the roundtable's name to the page: what a private one is called
// is nothing for a mailbox.
func cohost(d Data, link string) letter {
	l := letter{subject: "You are a co-host of one more roundtable", heading: "One more roundtable is open to you."}
	l.say(d.greeting()+",", d.Institute+" has added you to one more roundtable that your organization co-hosts. You can see it, propose guests, and read what is released afterward.",
		"You find it by this link; sign in as before:")
	l.give(link, "Open the roundtable")
	return l
}
