"""Co-operatives, their bodies and who holds which mandate."""

import uuid

from django.db import models

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.tenancy import TenantModel


class Coop(TenantModel):
    """A co-operative at any stage of its life, from initiative on; the root of everything that is its own."""

    open_to_read = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2)
    hue = models.PositiveSmallIntegerField(default=184, help_text="The brand's hue, 0 to 359 degrees.")
    mail_footer = models.TextField(blank=True)
    is_practice = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(hue__lt=360), name="coops_coop_hue")]

    def __str__(self) -> str:
        return self.name

    @property
    def coop_id(self) -> uuid.UUID:
        """Return its own id: a co-operative's row belongs to itself."""
        return self.id
