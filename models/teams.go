package models

// TeamMember is an account on a roundtable's team.
type TeamMember struct {
	Account ID
	Name    string
	Email   string
	Role    TeamRole
	// Disabled: the account cannot sign in any more.
	Disabled bool
	Since    Instant
}

// SectorTarget is how many guests of a sector a roundtable should have. Zero
// means that nothing is set.
type SectorTarget struct {
	Sector                   Sector
	Minimum, Target, Maximum int
}

// CheckTargets returns the targets that say something, or an *InvalidError
// whose fields are "minimum.congress" and so on.
func CheckTargets(in []SectorTarget) ([]SectorTarget, error) {
	var bad InvalidError
	var out []SectorTarget
	for _, t := range in {
		key := t.Sector.Key()
		bad.Check(t.Sector >= Congress && t.Sector <= ThinkTanks, "", "One of the sectors is not known.")
		for field, n := range map[string]int{"minimum.": t.Minimum, "target.": t.Target, "maximum.": t.Maximum} {
			bad.Check(n >= 0 && n <= CapacityMost, field+key, "Write a number, or leave it empty.")
		}
		bad.Check(t.Maximum == 0 || t.Minimum <= t.Maximum, "maximum."+key, "The most must not be under the least.")
		bad.Check(t.Target == 0 || t.Target >= t.Minimum && (t.Maximum == 0 || t.Target <= t.Maximum), "target."+key, "The target must lie between the least and the most.")
		if t.Minimum != 0 || t.Target != 0 || t.Maximum != 0 {
			out = append(out, t)
		}
	}
	return out, bad.Err()
}

// Workspace is what stands above every page of a roundtable.
type Workspace struct {
	Roundtable
	// Members is the team, or its leads only for who is not on it.
	Members []TeamMember
	// Guests, Items and Insights are how many there are, for the team.
	Guests, Items, Insights int
}

// Leads names the leads of the team.
func (w Workspace) Leads() []string {
	var out []string
	for _, m := range w.Members {
		if m.Role == TeamLead {
			out = append(out, m.Name)
		}
	}
	return out
}
