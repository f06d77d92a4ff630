package views

// SignInPage is the form with e-mail and password.
type SignInPage struct {
	Page
	Email  string
	Next   string            // where to go afterwards: a path of this site
	Errors map[string]string // "", "email", "password"
	Notice string            // why one is here, such as "Your session has ended."
	Help   string            // whom to ask, such as "Trouble signing in? Write to …"
}

// SignInLinkPage is what a one-time sign-in link shows: who, and one button.
type SignInLinkPage struct {
	Page
	Name, Email string
	Action      string // the link's own address, which the button posts to
	Expires     string // "at 10:14 AM"; may be empty
}

// SetUpPage is the first start: who the first administrator is, and which
// institute this is.
type SetUpPage struct {
	Page
	Action string
	Zones  []string // offered for the institute's zone
	Form   SetUpForm
	Errors map[string]string
}

// SetUpForm holds what was typed; the password is never sent back. The form
// names are institute, zone, name, email and password.
type SetUpForm struct{ Institute, Zone, Name, Email string }

// ResetRequestPage asks for a link that sets a new password.
type ResetRequestPage struct {
	Page
	Email  string
	Errors map[string]string
	Sent   bool // the answer is the same whether the account exists or not
}

// ResetPage sets a new password by a link. An invited colleague sets the first
// one here.
type ResetPage struct {
	Page
	Action  string // the link's own address
	Email   string // whose password it is, for password managers
	Invited bool   // the first password of a new account
	Errors  map[string]string
}

const passwordHint = "At least 12 characters. A few words in a row are easy to remember and hard to guess."

func (p ResetPage) heading() string {
	if p.Invited {
		return "Welcome to Rotunda"
	}
	return "Choose a new password"
}

func staffOf(institute string) string {
	if institute == "" {
		return "For staff and co-hosts."
	}
	return "For staff and co-hosts of " + institute + "."
}

func (p ResetPage) sub() string {
	if p.Invited {
		return "Choose a password for " + p.Email + "."
	}
	return "For " + p.Email + ". You will be signed out everywhere else."
}
