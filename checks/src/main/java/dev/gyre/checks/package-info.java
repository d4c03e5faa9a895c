/**
 * Tests of the project as a whole, which belong to no module: that the tree is tidy, that modules depend downwards
 * only, that time and chance enter through backends, and that the launcher starts the program on any machine.
 */
@NullMarked
package dev.gyre.checks;

import org.jspecify.annotations.NullMarked;
