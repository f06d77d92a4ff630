// Package ui is the kit that pages are made of. A page author needs to know:
//
//   - A page is `@Layout(p.Page) { @ui.PageHead("Roundtables", "") { … } … }`
//     from package views. The content holds exactly one h1; PageHead makes it.
//     Sections are ui.Section: a rule, a title that states the finding.
//   - Layout classes: .cols[data-cols="7-5|8-4|6-6|thirds"], .stack, .row,
//     .grid-form with w2, w3, w4 of six columns, .filters, .formfoot, .push,
//     .muted, .num, .nowrap, .vh (for screen readers only), .only-s, .hide-s.
//   - Fields: ui.TextField(ui.Field{Name: "title", Label: "Title", Value: …,
//     Error: p.Errors["title"]}). The id is FieldID(name); hint and error are
//     tied to the control. ui.ErrorSummary(p.Errors, "title", "starts") heads a
//     refused form (status 422), and Page.Failed puts "Error:" in the tab.
//   - Marks are drawn once and cost nothing in long lists: PillarTiles(mask),
//     SectorMark, RuleBadge, Icon. Icon names are Lucide's; a name that is not
//     in icondata.go panics, so the tests catch it.
//   - Lists: a table body or list with data-list gives j and k to its rows, by
//     the row's one link (.rowlink or data-row-link). A form marked data-bulk
//     around the list, ui.PickAll in the head, ui.Pick in the rows and
//     ui.BulkBar give selection; x, Shift+x and Esc work on it.
//   - Keys: data-new on the page's "new" link answers to n; data-search (in
//     ui.SearchField) answers to /.
//   - Dialogs: ui.Dialog(id, title), opened by data-dialog=id on a link whose
//     own address shows the same form as a page; data-close closes.
//   - Forms are sent once; data-again excepts downloads. data-autosubmit sends
//     a filter form as soon as a value is chosen (keep a button in <noscript>).
//   - Scripts of a page are named in Page.Scripts and import "./app.js" (toast)
//     and "./live.js" (open, place).
//   - Addresses are plain strings in href and action: templ then lets no
//     javascript: through. Never templ.SafeURL on what somebody typed.
//   - No style attributes, inline scripts, hx-on or spread attributes: sizes
//     are SVG attributes or classes.
package ui
