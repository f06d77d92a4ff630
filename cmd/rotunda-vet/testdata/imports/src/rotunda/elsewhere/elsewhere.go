// Package elsewhere has no row in the rule.
package elsewhere

import _ "rotunda/views" // want `elsewhere has no row in the import rule`
