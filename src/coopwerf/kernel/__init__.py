"""What every package stands on: actor, verdict, refusals, actions, audit, happenings, chain, tenancy, money, clock."""
