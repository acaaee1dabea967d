// Loads the page's modules; where one of them does not come (a proxy, a server that is just starting), the page is loaded again, for ever.

const LEAST_PAUSE_MS = 3_000;

import('./board.js').catch(() => setTimeout(() => location.reload(), LEAST_PAUSE_MS * (1 + Math.random())));
