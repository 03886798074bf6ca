"""A synthetic city that delivers as real ones do, with the truth of every planted defect aside."""
