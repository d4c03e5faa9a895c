package dev.gyre.cli;

import java.util.List;

/**
 * Findings of {@code doctor} about one subject.
 *
 * @param title the subject
 * @param findings what was found, in the order to show it
 */
record Section(String title, List<Finding> findings) {
    Section {
        findings = List.copyOf(findings);
    }
}
