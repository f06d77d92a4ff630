package urls

import "rotunda/models"

// What was promised.
const (
	CommitmentsPath       = "/commitments"
	CommitmentsExportPath = "/commitments/export"
	RoomCommitmentsPath   = "/roundtables/:id/commitments"
)

// RoomCommitments lists what was promised in a roundtable, for its team.
func RoomCommitments(room models.ID) string { return fill(RoomCommitmentsPath, room.String()) }
