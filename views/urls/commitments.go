package urls

import "rotunda/models"

// What was promised.
const (
	CommitmentsPath       = "/commitments"
	CommitmentsExportPath = "/commitments/export"
	RoomCommitmentsPath   = "/roundtables/:id/commitments"
)

// EditCommitment is the form for a promise of a roundtable.
func EditCommitment(room, promise models.ID) string {
	return With(RoomCommitments(room), "edit", promise.String()) + "#change"
}

// RoomCommitments lists what was promised in a roundtable, for its team.
func RoomCommitments(room models.ID) string { return fill(RoomCommitmentsPath, room.String()) }
