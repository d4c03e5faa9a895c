/** Operations on files, directories, pipes and memory. */
@NullMarked
package dev.gyre.ring.file;

import org.jspecify.annotations.NullMarked;
