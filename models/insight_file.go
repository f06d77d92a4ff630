package models

// The JSON of an export of insights: docs/insights-json.md explains it to those
// who read it. Fields are only ever added.

// InsightFileFormat and InsightFileVersion stand at the head of the file.
const (
	InsightFileFormat  = "rotunda-insights"
	InsightFileVersion = 1
)

// FileInsight is one insight of a file.
type FileInsight struct {
	ID            string   `json:"id"`
	Roundtable    string   `json:"roundtable"`
	Item          string   `json:"item,omitempty"`
	Kind          string   `json:"kind"`
	State         string   `json:"state"`
	Regime        string   `json:"regime"`
	Text          string   `json:"text"`
	Verbatim      bool     `json:"verbatim"`
	Attribution   string   `json:"attribution"`
	PrimaryPillar string   `json:"primary_pillar,omitempty"`
	Pillars       []string `json:"pillars,omitempty"`
	Actions       []string `json:"actions,omitempty"`
	Fronts        []string `json:"fronts,omitempty"`
	Forums        []string `json:"forums,omitempty"`
	Tags          []string `json:"tags,omitempty"`
	// Team is in the team's file alone.
	Team *FileInsightTeam `json:"team,omitempty"`
}

// FileInsightTeam is what only the roundtable's team may have of an insight.
type FileInsightTeam struct {
	Speaker         string `json:"speaker,omitempty"` // a speaker's id in the roundtable
	Sector          string `json:"sector,omitempty"`
	Unresolved      string `json:"unresolved,omitempty"`
	OwnFlag         string `json:"own_flag,omitempty"`
	Paraphrase      string `json:"paraphrase,omitempty"`
	ParaphraseReady bool   `json:"paraphrase_ready,omitempty"`
	EmbargoUntil    string `json:"embargo_until,omitempty"`
	Contradicts     string `json:"contradicts,omitempty"`  // an insight's id
	CommittedBy     string `json:"committed_by,omitempty"` // a speaker's id, where another one promised it
	Rapporteur      string `json:"rapporteur"`
	CapturedAt      string `json:"captured_at"`
}

// FileCode is a code that insights of the file carry.
type FileCode struct {
	Kind         string   `json:"kind"`
	Key          string   `json:"key"`
	Name         string   `json:"name"`
	Pillar       string   `json:"pillar,omitempty"`
	Aliases      []string `json:"aliases,omitempty"`
	Definition   string   `json:"definition,omitempty"`
	UseWhen      string   `json:"use_when,omitempty"`
	DoNotUseWhen string   `json:"do_not_use_when,omitempty"`
	Example      string   `json:"example,omitempty"`
}

// FileRoom is a roundtable that insights of the file come from.
type FileRoom struct {
	ID     string     `json:"id"`
	Title  string     `json:"title"`
	HeldOn string     `json:"held_on,omitempty"`
	Zone   string     `json:"zone"`
	Items  []FileItem `json:"items,omitempty"`
	// Team is in the team's file alone.
	Team *FileRoomTeam `json:"team,omitempty"`
}

// FileItem is an agenda item.
type FileItem struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	// Team is in the team's file alone.
	Team *FileItemTeam `json:"team,omitempty"`
}

// FileItemTeam is what only the team's file tells of an agenda item.
type FileItemTeam struct {
	Minutes       int    `json:"minutes,omitempty"`
	Regime        string `json:"regime,omitempty"`
	TitleReviewed bool   `json:"title_reviewed,omitempty"`
}

// FileRoomTeam is what only the team's file tells of a roundtable.
type FileRoomTeam struct {
	Objectives   string           `json:"objectives,omitempty"`
	KeyQuestions string           `json:"key_questions,omitempty"`
	Place        string           `json:"place,omitempty"`
	Starts       string           `json:"starts,omitempty"` // 2006-01-02T15:04 in the zone
	Ends         string           `json:"ends,omitempty"`
	Private      bool             `json:"private"`
	Regime       string           `json:"regime"`
	Status       string           `json:"status"`
	Speakers     []FileSpeaker    `json:"speakers,omitempty"`
	Commitments  []FileCommitment `json:"commitments,omitempty"`
}

// FileCommitment is what somebody took on in a roundtable: one of the file's
// insights, or what the team wrote down.
type FileCommitment struct {
	Insight string `json:"insight,omitempty"`
	What    string `json:"what,omitempty"`
	Owner   string `json:"owner,omitempty"`
	DueOn   string `json:"due_on,omitempty"`
	State   string `json:"state"`
	Outcome string `json:"outcome,omitempty"`
}

// FileSpeaker is a guest who said one of the file's insights.
type FileSpeaker struct {
	ID           string `json:"id"`
	Seat         int    `json:"seat,omitempty"`
	Name         string `json:"name"`
	ListName     string `json:"list_name"`
	Title        string `json:"title,omitempty"`
	Organisation string `json:"organisation,omitempty"`
	Sector       string `json:"sector,omitempty"`
	Role         string `json:"role"`
	State        string `json:"state"`
	Preference   string `json:"preference,omitempty"`
	Descriptor   string `json:"descriptor,omitempty"`
	Consent      bool   `json:"descriptor_consent,omitempty"`
}

// InsightFileHead is what a file says beside its insights.
type InsightFileHead struct {
	Format      string
	Version     int
	Audience    string
	Codes       []FileCode
	Roundtables []FileRoom
}

// Check refuses what cannot be read back in: another format, a later version,
// a file for another audience than the team.
func (h InsightFileHead) Check() error {
	switch {
	case h.Format != InsightFileFormat:
		return Invalid("", "This is no export of insights: its format is not “"+InsightFileFormat+"”.")
	case h.Version != InsightFileVersion:
		return Invalid("", "This file is of a version that this program does not read.")
	case h.Audience != Team.Key():
		return Invalid("", "Only the team’s file can be read back in: others leave out who spoke.")
	}
	return nil
}
