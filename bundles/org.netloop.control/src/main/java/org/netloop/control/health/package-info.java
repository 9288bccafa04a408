/** Health: asks the checks of all bundles; checks of what the deployment itself knows. */
@NullMarked
package org.netloop.control.health;

import org.jspecify.annotations.NullMarked;
