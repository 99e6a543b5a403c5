/** What connections and endpoints hold in memory, and what follows when that is too much. */
package io.stoq.memory;
