"""How headers are written in Dutch, French and English, folded; the likelier spellings first."""

from typing import Final

TEXT: Final = """
member_no: member no | lidnummer | lidnr | lid nr | lid n | lid no | vennootnummer | vennootnr | vennoot nr | vennoten
  nr | ledennummer | aandeelhoudersnummer | aandeelhouder nr | registernummer | volgnummer | volgnr | nr lid | nummer
  lid | numero | numero de membre | n de membre | no de membre | n membre | no membre | nr membre | numero cooperateur
  | n cooperateur | no cooperateur | numero d ordre | numero d actionnaire | n actionnaire | member number | member id
  | membership number | membership no | member | nr | no | n | nummer | num | id
name: naam en voornaam | voornaam en naam | naam voornaam | naam lid | naam vennoot | volledige naam | nom et prenom |
  nom prenom | prenom et nom | prenom nom | nom complet | nom du membre | nom du cooperateur | full name | member name
  | name | naam | nom | vennoot | aandeelhouder | lid | cooperateur | cooperateurs | cooperatrice | actionnaire |
  membre | houder | titulaire | denomination | naam of organisatie | naam organisatie | benaming
family: familienaam | achternaam | nom de famille | family name | last name | lastname | surname | familie naam
given: voornaam | voornamen | prenom | prenoms | first name | firstname | given name | given names
organisation: organisatie | organisation | organization | bedrijf | bedrijfsnaam | firma | firmanaam | rechtspersoon |
  societe | raison sociale | company | company name | vereniging | association | nom de l organisation
kind: kind | type | soort lid | type lid | aard | hoedanigheid | natuurlijk rechtspersoon | np rp | type de membre |
  personne physique morale | pp pm | qualite | type of member | member type | soort persoon | persoon of organisatie |
  personne ou organisation | person or organisation
legal_form: rechtsvorm | forme juridique | forme legale | legal form
enterprise_no: enterprise no | ondernemingsnummer | ondernemingsnr | kbo | kbo nummer | kbo nr | bce | n bce | no bce |
  numero bce | numero d entreprise | n d entreprise | no d entreprise | n entreprise | enterprise number | company
  number | kvk | kvk nummer | kvk nr | btw | btw nummer | btw nr | tva | n tva | no tva | numero de tva | vat | vat
  number | vat no | rsin
domicile: domicile | domicilie | volledig adres | adres | adresse | adresse complete | address | full address | adresse
  postale | postadres | zetel | siege | siege social | seat | adresgegevens
street: straat | straatnaam | straat en nummer | straat en nr | straat en huisnummer | straat nr | straat nummer | rue
  | rue et numero | rue et n | rue n | street | street address | adresregel 1 | address line 1 | adresse 1
number: huisnummer | huisnr | house number | house no | street number | numero de maison | numero de rue
box: bus | busnummer | bus nr | bte | boite | box | toevoeging | huisnummertoevoeging | appartement
postcode: postcode | postnummer | post code | code postal | cp | zip | zip code | postal code | pc
town: gemeente | stad | plaats | woonplaats | localite | ville | commune | city | town | place
country: land | landcode | pays | country | country code
email: e mail | email | mail | e mailadres | emailadres | mailadres | e mail adres | courriel | adresse e mail |
  adresse email | adresse mail | email address | e mail address | adresse electronique
phone: telefoon | telefoonnummer | tel | tel nr | gsm | gsm nummer | mobiel | telephone | n de telephone | phone |
  phone number | mobile | portable
language: taal | taalcode | langue | language
class: class | klasse | soort aandeel | soort aandelen | soort van aandelen | type aandeel | type aandelen |
  aandelenklasse | klasse aandelen | categorie aandeel | categorie aandelen | reeks | serie | share class | class of
  shares | classe | classe d actions | classe de parts | type de part | type de parts | type d action | categorie d
  actions | categorie de parts | soort | categorie
shares: shares | aandelen | aantal aandelen | aand | aantal aand | aantal | aantal stuks | stuks | parts | nombre de
  parts | nbre de parts | nb de parts | nb parts | nbr de parts | nombre parts | actions | nombre d actions | nb
  actions | nbre d actions | parts sociales | nombre de parts sociales | number of shares | no of shares | share count
  | quantity | qty | hoeveelheid | quantite | nombre
amount_per_share: amount per share | bedrag per aandeel | waarde per aandeel | waarde aandeel | prijs per aandeel |
  prijs aandeel | inbreng per aandeel | nominale waarde | nominaal | uitgifteprijs | eenheidsprijs | valeur nominale |
  valeur par part | valeur par action | montant par part | montant par action | valeur de la part | prix par part |
  prix par action | prix de la part | prix unitaire | price per share | share price | nominal value | nominal | prijs |
  prix | price | per aandeel | par part | per share
total: totaal | totaal bedrag | totaalbedrag | bedrag | ingeschreven bedrag | inbreng | kapitaal | onderschreven bedrag
  | montant | montant total | total | apport | capital | montant souscrit | capital souscrit | amount | total amount |
  subscribed | subscribed amount | waarde | valeur | value
paid: paid | betaald | betaald bedrag | gestort | volgestort | gestort bedrag | reeds gestort | storting | libere |
  montant libere | paye | montant paye | verse | montant verse | paid amount | paid up | paid in | amount paid |
  volstort | bedrag gestort | bedrag betaald
admitted_on: admitted on | toetreding | toetredingsdatum | datum toetreding | datum van toetreding | toegetreden op |
  toegetreden | lid sinds | vennoot sinds | datum aanvaarding | aanvaard op | aanvaarding | instapdatum | ingangsdatum
  | inschrijvingsdatum | datum inschrijving | lid vanaf | datum lidmaatschap | date d admission | admission | admis le
  | date d adhesion | adhesion | date d entree | entree | membre depuis | date d inscription | date de souscription |
  souscription | admission date | date of admission | admitted | member since | joined | joined on | join date | start
  | startdatum | begin | since | sinds | depuis | datum | date
asked_on: asked on | aanvraag | datum aanvraag | aanvraagdatum | aangevraagd op | date de la demande | date de demande
  | demande | demande le | application date | date of the request | requested | requested on | applied on
paid_on: paid on | betaaldatum | datum betaling | datum van betaling | betaald op | betaling op | gestort op | datum
  storting | date de paiement | date du paiement | paye le | date de versement | verse le | payment date | date paid |
  date of payment
ended_on: ended on | uittreding | datum uittreding | datum van uittreding | uittredingsdatum | uitgetreden |
  uitgetreden op | uitgestapt op | uit op | uit | vertrek | datum vertrek | datum van vertrek | vertrekdatum |
  vertrokken | vertrokken op | ontslag | datum ontslag | einde | einddatum | einde lidmaatschap | lid tot | date de
  sortie | sortie | sorti le | depart | date de depart | date du depart | parti le | demission | date de demission |
  fin | date de fin | date of leaving | left | left on | ended | end | end date | exit | exit date | exited on
ending: reden uittreding | reden | reden vertrek | motif | motif de sortie | raison | reden van vertrek | reden van
  uittreding | motif du depart | raison du depart | raison de la sortie | reason | reason for leaving
communication: communication | mededeling | gestructureerde mededeling | ogm | ogm code | vaste mededeling |
  communicatie | communication structuree | vcs | comm structuree | structured communication | payment reference |
  betalingskenmerk | reference de paiement | betaalreferentie
movement: movement | beweging | soort beweging | type beweging | verrichting | soort verrichting | type verrichting |
  transactie | type transactie | mouvement | type de mouvement | nature | nature du mouvement | operation | type d
  operation | transaction | transaction type | event | gebeurtenis | evenement
on: on | datum beweging | datum van de beweging | datum verrichting | datum transactie | date du mouvement | date de l
  operation | date d operation | movement date | date of the movement | effective date | transaction date
other_no: other no | tegenpartij | nr tegenpartij | aan lid | aan lidnr | naar lid | overgedragen aan | overnemer |
  begunstigde | contrepartie | cessionnaire | vers membre | beneficiaire | counterparty | lidnummer van de andere kant
  | numero de membre de l autre cote | member number of the other side | to member | transferred to | aan | naar | vers
value: uitbetaald | terugbetaald | terugbetaling | scheidingsaandeel | waarde uittreding | rembourse | remboursement |
  montant rembourse | montant paye a la sortie | uitbetaald bedrag | amount paid out | paid out | refunded | refund |
  exit value
reference: reference | referentie | besluit | beslissing | datum besluit | decision | decision de l oa | pv | notulen |
  verslag | ref
to_class: to class | new class | into class | naar klasse | nieuwe klasse | nieuwe soort | nieuwe categorie | wordt
  klasse | vers classe | nouvelle classe | nouvelle categorie | en classe | soort die de aandelen werden | classe que
  les actions sont devenues | classe que les parts sont devenues | class that the shares became
factor: factor | facteur | splitsingsfactor | verhouding | ratio | rapport | coefficient | split factor | aandelen die
  een aandeel werd | actions qu une action est devenue | parts qu une part est devenue | shares that one share became
"""
