package models

// The accessors of Insight. What is not disclosed is not held, so each returns
// its field as it is.

// ID returns the insight's public id.
func (i Insight) ID() ID { return i.shown.ID }

// RoundtableID returns the roundtable's id.
func (i Insight) RoundtableID() ID { return i.shown.RoundtableID }

// Roundtable returns the roundtable's title.
func (i Insight) Roundtable() string { return i.shown.Roundtable }

// Zone returns the roundtable's IANA zone.
func (i Insight) Zone() string { return i.shown.Zone }

// HeldOn returns the roundtable's local date, 2006-01-02.
func (i Insight) HeldOn() string { return i.shown.HeldOn }

// ItemID returns the agenda item's id (ColumnItem).
func (i Insight) ItemID() ID { return i.shown.ItemID }

// Item returns the agenda item's title (ColumnItem).
func (i Insight) Item() string { return i.shown.Item }

// Kind returns what sort of statement it is.
func (i Insight) Kind() Kind { return i.shown.Kind }

// State returns how far the insight has come.
func (i Insight) State() InsightState { return i.shown.State }

// Text returns the words this reader has: what was captured or, under deep
// background outside the team, the paraphrase.
func (i Insight) Text() string { return i.shown.Text }

// Verbatim reports whether this reader may quote the words as they were said.
func (i Insight) Verbatim() bool {
	return i.Has(ColumnQuotes) && Verbatim(i.shown.Regime, i.audience)
}

// Quotes returns the parts of the text that were said verbatim (ColumnQuotes).
// The slice is not to be changed.
func (i Insight) Quotes() []string { return i.shown.Quotes }

// Paraphrase returns the second text, written for readers outside the team,
// and whether it is ready (ColumnParaphrase).
func (i Insight) Paraphrase() (string, bool) { return i.shown.Paraphrase, i.shown.ParaphraseReady }

// Regime returns the attribution rule the insight is shown under.
func (i Insight) Regime() Regime { return i.shown.Regime }

// OwnFlag returns the regime its author set on this insight alone
// (ColumnReason).
func (i Insight) OwnFlag() Regime { return i.shown.OwnFlag }

// EmbargoUntil returns until when others do not see the insight (ColumnReason).
func (i Insight) EmbargoUntil() Instant { return i.shown.EmbargoUntil }

// PrimaryPillar returns the primary pillar, or PillarNone.
func (i Insight) PrimaryPillar() Pillar { return i.shown.PrimaryPillar }

// PillarMask returns all pillars, the primary one included.
func (i Insight) PillarMask() int { return i.shown.PillarMask }

// Actions returns the strategic actions. The slice is not to be changed.
func (i Insight) Actions() []CodeRef { return i.shown.Actions }

// Fronts returns the fronts. The slice is not to be changed.
func (i Insight) Fronts() []CodeRef { return i.shown.Fronts }

// Forums returns the forums. The slice is not to be changed.
func (i Insight) Forums() []CodeRef { return i.shown.Forums }

// Tags returns the tags. The slice is not to be changed.
func (i Insight) Tags() []CodeRef { return i.shown.Tags }

// SpeakerName returns the speaker's name (ColumnSpeakerName).
func (i Insight) SpeakerName() string { return i.shown.Speaker.Name }

// SpeakerTitle returns the speaker's title (ColumnSpeakerName).
func (i Insight) SpeakerTitle() string { return i.shown.Speaker.Title }

// SpeakerOrganisation returns the speaker's organisation (ColumnSpeakerName).
func (i Insight) SpeakerOrganisation() string { return i.shown.Speaker.Organisation }

// SpeakerSector returns the speaker's sector as disclosed
// (ColumnSpeakerSector).
func (i Insight) SpeakerSector() Sector { return i.shown.Speaker.Sector }

// SpeakerGuest returns the speaker's id as a guest (ColumnSpeakerRecord).
func (i Insight) SpeakerGuest() ID { return i.shown.Speaker.Guest }

// SpeakerPerson returns the speaker's id as a person (ColumnSpeakerRecord).
func (i Insight) SpeakerPerson() ID { return i.shown.Speaker.Person }

// Seat returns the speaker's seat code, S7 (ColumnSpeakerRecord).
func (i Insight) Seat() string { return i.shown.Speaker.Seat }

// Unresolved returns the unknown word after @ (ColumnSpeakerRecord).
func (i Insight) Unresolved() string { return i.shown.Speaker.Unresolved }

// CommittedBy returns the guest who promised it where somebody else spoke, or
// zero (ColumnSpeakerRecord).
func (i Insight) CommittedBy() ID { return i.shown.Speaker.CommittedBy }

// Contradicts returns the insight that this one speaks against, or zero
// (ColumnReason).
func (i Insight) Contradicts() ID { return i.shown.Contradicts }

// Descriptor returns the description agreed with the speaker: for the team
// (ColumnSpeakerRecord) and where it is the attribution.
func (i Insight) Descriptor() string { return i.shown.Speaker.Descriptor }

// Rapporteur returns who captured the insight (ColumnRapporteur).
func (i Insight) Rapporteur() (ID, string) { return i.shown.CapturedBy, i.shown.CapturedByName }

// CapturedAt returns when it was captured (ColumnCapturedAt).
func (i Insight) CapturedAt() Instant { return i.shown.CapturedAt }

// Seq returns the insight's number in the roundtable (ColumnOrder).
func (i Insight) Seq() int64 { return i.shown.Seq }

// Pos returns the insight's place in the order of the roundtable (ColumnOrder).
func (i Insight) Pos() int64 { return i.shown.Pos }

// ClientID returns the id the capturing device gave it (ColumnOrder).
func (i Insight) ClientID() string { return i.shown.ClientID }

// Revision returns how often it was edited (ColumnHistory).
func (i Insight) Revision() int { return i.shown.Revision }

// EditedAt returns when it was last edited, or zero (ColumnHistory).
func (i Insight) EditedAt() Instant { return i.shown.EditedAt }

// ReleasedBy returns who released it, or zero (ColumnHistory).
func (i Insight) ReleasedBy() (ID, string) { return i.shown.ReleasedBy, i.shown.ReleasedByName }

// ReleasedAt returns when it was released, or zero (ColumnHistory).
func (i Insight) ReleasedAt() Instant { return i.shown.ReleasedAt }
