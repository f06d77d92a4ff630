package models

import (
	"strings"
	"time"
)

// Cohost is a partner organisation named on a roundtable.
type Cohost struct {
	Organisation ID
	Name         string
	Sector       Sector
	Accounts     []CohostAccount
}

// CohostAccount is an account of a partner's people, limited to roundtables.
type CohostAccount struct {
	Account  ID
	Name     string
	Email    string
	Pending  bool // never signed in
	Disabled bool
}

// CohostAccess is how long after a roundtable's end its co-hosts may read it.
const CohostAccess = 365 * 24 * time.Hour

// CohostInput is what a form says of a partner's person.
type CohostInput struct {
	Organisation ID
	Name         string
	Email        string
}

// Check returns the input trimmed, or an *InvalidError.
func (in CohostInput) Check() (CohostInput, error) {
	a, err := AccountInput{Name: in.Name, Email: in.Email, Role: RoleCohost}.Check()
	in.Name, in.Email = strings.TrimSpace(a.Name), a.Email
	return in, err
}
