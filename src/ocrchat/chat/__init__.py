"""Questions about documents: answers that rest on the page, citations checked word for word, conversations."""
