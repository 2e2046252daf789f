"""How good a recogniser is on a site's own audio: error rates, and the phrases that survive."""
