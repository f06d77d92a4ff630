package ui

// SegmentItem is one link of a Segment.
type SegmentItem struct {
	Label, Href string
	Current     bool
}

// TabItem is one link of Tabs.
type TabItem struct {
	Label, Href string
	Count       string // shown small after the label; may be empty
	Current     bool
}

// Crumb is one step of Crumbs.
type Crumb struct{ Label, Href string }

func btnStyle(style string) string {
	if style == "" {
		return ""
	}
	return "btn--" + style
}
