package urls

import "rotunda/models"

// Themes.
const (
	ThemesPath        = "/themes"
	ThemeBoardPath    = "/themes/board"
	ThemeNewPath      = "/themes/new"
	ThemeAddPath      = "/themes/add"
	ThemeMovePath     = "/themes/move"
	ThemePath         = "/themes/:id"
	ThemeEditPath     = "/themes/:id/edit"
	ThemeArchivePath  = "/themes/:id/archive"
	ThemeInsightsPath = "/themes/:id/insights"
	ThemeLintPath     = "/themes/:id/finding"
)

// Theme is a theme's page.
func Theme(id models.ID) string { return fill(ThemePath, id.String()) }

// ThemeEdit is the form for a theme's words.
func ThemeEdit(id models.ID) string { return fill(ThemeEditPath, id.String()) }

// ThemeArchive takes a theme out of use, or back.
func ThemeArchive(id models.ID) string { return fill(ThemeArchivePath, id.String()) }

// ThemeInsights is where insights are looked for and put into a theme.
func ThemeInsights(id models.ID) string { return fill(ThemeInsightsPath, id.String()) }

// ThemeLint overrules a finding of the leak lint.
func ThemeLint(id models.ID) string { return fill(ThemeLintPath, id.String()) }
