// Package store may know the database, and every part of models.
package store

import (
	_ "database/sql"

	_ "rotunda/models"
	_ "rotunda/views" // want `models/store may not import views`
)
