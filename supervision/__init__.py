"""Who is late, whose data is bad, what is disputed: deadlines, lists, cases, scores."""
