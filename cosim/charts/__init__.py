"""Charts that know nothing of studies: drawn for a page and for a phone, saved in three formats."""
