"""An invented department: as a throw-away copy with a year behind it, or as marked people in a real department."""

from logic.demo.founding import SignIn, found_demo
from logic.demo.samples import count_sample_people, domain, load_sample_data, remove_sample_data

__all__ = ['SignIn', 'count_sample_people', 'domain', 'found_demo', 'load_sample_data', 'remove_sample_data']
