// Package intake decodes; it does not ask.
package intake

import (
	_ "database/sql" // want `handlers/intake may not import database/sql`

	_ "rotunda/models"
	_ "rotunda/views" // want `handlers/intake may not import views`
)
