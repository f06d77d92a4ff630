package views_test

import (
	"testing"

	"github.com/a-h/templ"

	"rotunda/views"
	"rotunda/views/ui"
	"rotunda/views/viewtest"
)

func TestSettings_pagesAreSoundWhateverIsTyped(t *testing.T) {
	for _, s := range append([]string{"Amara Lindgren"}, viewtest.Hostile...) {
		p := page(s)
		errs := map[string]string{"": s, "name": s, "email": s, "role": s, "to": s, "password": s, "current": s, "zone": s, "theme": s}
		options := []ui.Option{{Value: s, Label: s, Hint: s}}
		rights := []views.RightsRow{{Right: s, Cells: []string{"Yes", "No", s}}}
		member := views.MemberPage{
			Page: p, Name: s, Email: s, Role: s, RoleName: s, State: s, Facts: []ui.Fact{{Term: s, Value: s}}, Roles: options,
			Receivers: options, RoleURL: s, LinkURL: s, DisableURL: s, EnableURL: s, HandOverURL: s, Errors: errs,
		}
		disabled := member
		disabled.Disabled, disabled.SendsMail = true, true
		for name, c := range map[string]templ.Component{
			"Account":    views.Account(views.AccountPage{Page: p, Name: s, Email: s, Role: s, HasPassword: true, Errors: errs}),
			"Sessions":   views.Sessions(views.SessionsPage{Page: p, Sessions: []views.SessionRow{{Device: s, Network: s, Started: s, Seen: s, Current: true, End: s}}}),
			"Appearance": views.Appearance(views.AppearancePage{Page: p, Zone: s, InstituteZone: s, Zones: []string{s}, Theme: s, Errors: errs}),
			"Staff": views.Staff(views.StaffPage{
				Page: p, Note: s, Staff: []views.StaffRow{{Name: s, Email: s, Role: s, State: s, StateKind: "yes", LastActive: s, Href: s}},
				Roles: rights, Teams: rights, Within: []string{"a", "b", s}, Beside: []string{"a", "b", s},
			}),
			"Institute": views.Institute(views.InstitutePage{
				Page: p, Form: views.InstituteForm{Name: s, ShortName: s, Zone: s, Contact: s, Regime: "on_the_record", StaffK: s, SectorsOnly: "1", Gap: s},
				Zones: []string{s}, Regimes: []ui.Option{{Value: "on_the_record", Label: s, Hint: s}}, Picture: s, Errors: errs,
			}),
			"Audit": views.Audit(views.AuditPage{
				Page: p, Rows: []views.AuditRow{{ISO: s, When: s, Who: s, Did: s, About: s, Where: s, WhereHref: s, Sensitive: true}},
				Account: s, Kind: s, Roundtable: s, From: s, To: s, Accounts: options, Kinds: options, Roundtables: options, Filtered: true, Newer: s, Older: s,
			}),
			"AuditEmpty": views.Audit(views.AuditPage{Page: p}),
			"StaffNew":   views.StaffNew(views.StaffNewPage{Page: p, Name: s, Email: s, Role: s, Roles: options, Errors: errs}),
			"Member":     views.Member(member),
			"Disabled":   views.Member(disabled),
			"StaffLink":  views.StaffLink(views.StaffLinkPage{Page: p, Name: s, Link: s, Until: s, Back: s, Invited: true}),
		} {
			t.Run(name, func(t *testing.T) { viewtest.Render(t, c) })
		}
	}
}
