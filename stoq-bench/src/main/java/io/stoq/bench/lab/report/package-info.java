/** What came out of experiments, for people (a page with charts) and for programs (JSON). */
package io.stoq.bench.lab.report;
