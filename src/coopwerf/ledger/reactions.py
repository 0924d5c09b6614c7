"""What the books tell somebody who asks what is kept about them."""

from coopwerf.people import queries as people

from .privacy import gather

people.register_export("ledger", gather)
