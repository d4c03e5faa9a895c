/** What was asked and answered, for the operator: formats, and writing in batches. */
@NullMarked
package dev.gyre.http.log;

import org.jspecify.annotations.NullMarked;
