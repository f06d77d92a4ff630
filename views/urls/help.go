package urls

// Help.
const (
	HelpPath      = "/help"
	HelpTopicPath = "/help/:topic"
	// HintsPath puts away a hint of the first days.
	HintsPath = "/hints"
)

// HelpTopic is the page of help about one task.
func HelpTopic(slug string) string { return fill(HelpTopicPath, slug) }
