/**
 * The engine of {@code gyre cp}: trees are copied by some tasks at once, and every file gets its name only when it is
 * whole.
 *
 * <p>One task walks the source and makes the folders of the target; what else it finds goes, some names at a time,
 * through a bounded queue to tasks that copy ({@code Copier}). A folder gets its attributes, the times among them, when
 * everything in it was dealt with. Neither memory nor descriptors grow with the size of the tree or of a folder.
 */
@NullMarked
package dev.gyre.cli.copy;

import org.jspecify.annotations.NullMarked;
