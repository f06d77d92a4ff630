package models

// ConsensusWords says how many of those present are behind a statement, in the
// words that a reader may have: "some" for fewer than k, "several" from k to half of those
// present, "most" for more than half. "one" is for the team. It is empty for nobody.
// Where nobody knows how many were present, it is never "most".
func ConsensusWords(a Audience, people, present, k int) string {
	switch {
	case people <= 0:
		return ""
	case people == 1 && a == Team:
		return "one"
	case people < max(k, MinThreshold.K):
		return "some"
	case present > 0 && 2*people > present:
		return "most"
	}
	return "several"
}

// Speakers tells how many people are behind insights, as far as the rows tell
// by themselves: for the team every person it can tell apart, for others the
// fewest that the disclosed labels allow. Who keeps their sector is never
// counted twice, and it follows from what is disclosed and from nothing else.
func Speakers(insights []Insight) int {
	team := true
	for _, i := range insights {
		team = team && i.Audience() == Team
	}
	known := map[Sector]map[string]bool{}
	groups := map[Group]bool{}
	for _, i := range insights {
		label := i.TableLabel()
		sector := i.SpeakerSector()
		if sector == SectorNone && i.SpeakerName() == "" {
			groups[label.Group()] = true
			continue
		}
		if known[sector] == nil {
			known[sector] = map[string]bool{}
		}
		if key := speakerKey(i, team); key != "" {
			known[sector][key] = true
		}
	}
	n := 0
	shown := map[Group]bool{}
	for sector, names := range known {
		n += max(1, len(names))
		shown[sector.Group()] = true
	}
	for group := range groups {
		if group != GroupNone && !shown[group] {
			n++
		}
	}
	if n == 0 && groups[GroupNone] {
		n = 1
	}
	return n
}

// speakerKey tells people apart: by who they are within a team's own rooms, by
// name where some rows come from elsewhere.
func speakerKey(i Insight, team bool) string {
	if team && i.SpeakerPerson() != 0 {
		return i.SpeakerPerson().String()
	}
	return i.SpeakerName()
}

// Unheard lists the sectors that no insight comes from, as far as the reader is
// shown where insights come from. The host's own staff are not asked for.
func Unheard(insights []Insight) []Sector {
	heard := map[Sector]bool{}
	for _, i := range insights {
		heard[i.TableLabel().Sector()] = true
	}
	var out []Sector
	for _, s := range Sectors {
		if s != HostStaff && !heard[s] {
			out = append(out, s)
		}
	}
	return out
}

// Heard lists the labels that insights come from, as shown to the reader, in
// the order of the labels.
func Heard(insights []Insight) []Label {
	on := map[Label]bool{}
	for _, i := range insights {
		on[i.TableLabel()] = true
	}
	var out []Label
	for _, l := range Labels {
		if on[l] {
			out = append(out, l)
		}
	}
	return out
}
