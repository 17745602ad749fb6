"""The task of describing sources: who publishes each, of which kind it is and when it appeared."""
