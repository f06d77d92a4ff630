package intake

import _ "database/sql"
