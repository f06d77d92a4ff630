package views

import "rotunda/views/ui"

// InstitutePage is how the host presents itself, and its house rules.
type InstitutePage struct {
	Page
	Form    InstituteForm
	Zones   []string
	Regimes []ui.Option
	Picture string // the version of the logo; empty is none
	Errors  map[string]string
	// Example offers to remove the example programme.
	Example bool
}

// InstituteForm holds what was typed, under the form's names.
type InstituteForm struct {
	Name        string `form:"name"`
	ShortName   string `form:"short_name"`
	Zone        string `form:"zone"`
	Contact     string `form:"contact"`
	Regime      string `form:"regime"`
	StaffK      string `form:"staff_k"`
	StaffL      string `form:"staff_l"`
	PartnerK    string `form:"partner_k"`
	PartnerL    string `form:"partner_l"`
	PublicK     string `form:"public_k"`
	PublicL     string `form:"public_l"`
	SectorsOnly string `form:"sectors_only"`
	Gap         string `form:"gap"`
	Accent      string `form:"accent"`
	Seen        string `form:"seen"`
}
