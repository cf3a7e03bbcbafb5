"""The words that names are made of: our own lists, no real company and nobody in particular. Pure."""

from __future__ import annotations

from salescompass.demo.kinds import Role

FIRST_HALVES = (
    "Alder", "Amber", "Ash", "Black", "Blue", "Bright", "Clear", "Copper", "East", "Elm", "Fair", "Falcon", "Glen",
    "Green", "Harbor", "Hazel", "High", "Iron", "Kestrel", "Lake", "Long", "Maple", "Marsh", "Moor", "North", "Oak",
    "Otter", "Pine", "Raven", "Red", "River", "Salt", "Silver", "South", "Spring", "Thorn", "West", "Wind", "Winter",
    "Wolf",
)  # fmt: skip
SECOND_HALVES = (
    "bank", "beck", "bourne", "bridge", "brook", "crest", "dale", "field", "ford", "gate", "ham", "haven", "holm",
    "mark", "mere", "point", "ridge", "stead", "view", "well", "wick", "wood",
)  # fmt: skip
TRADES = {
    "manufacturing": (
        "Machine Works", "Foundry", "Tooling", "Precision Parts", "Pumps", "Drives", "Packaging", "Robotics",
        "Castings", "Bearings", "Textiles", "Components",
    ),
    "health care": (
        "Clinics", "Hospital Group", "Dental Care", "Diagnostics", "Medical Supply", "Care Homes", "Laboratories",
        "Rehabilitation", "Pharmacies", "Eye Care", "Radiology", "Health Partners",
    ),
    "logistics": (
        "Freight", "Logistics", "Shipping", "Cold Chain", "Warehousing", "Haulage", "Couriers", "Cargo", "Transit",
        "Fulfilment", "Air Freight", "Container Lines",
    ),
}  # fmt: skip
TOWNS = (
    "Ardenvale", "Brackwater", "Corsley Bay", "Dunmere", "Eastmarch", "Farrowby", "Grantholm", "Hallowfen",
    "Inverlea", "Jorvale", "Kelderby", "Lowmarsh", "Marlstead", "Netherwick", "Orrinside", "Penhallow", "Quarrendon",
    "Rushbeck", "Stavering", "Tarnholt",
)  # fmt: skip

GIVEN = {
    "english": (
        "Alice", "Amelia", "Ben", "Charlotte", "Daniel", "Eleanor", "Emma", "George", "Grace", "Hannah", "Harriet",
        "Isaac", "Jack", "James", "Julia", "Laura", "Leo", "Lucy", "Marcus", "Megan", "Nathan", "Olivia", "Oscar",
        "Rachel", "Ruth", "Samuel", "Sophie", "Thomas", "Victor", "Zoe",
    ),
    "german": (
        "Anja", "Anton", "Birgit", "Carsten", "Clara", "David", "Dieter", "Elke", "Felix", "Florian", "Franziska",
        "Greta", "Hanna", "Heike", "Jan", "Jonas", "Katrin", "Lena", "Lukas", "Markus", "Martina", "Nils", "Paula",
        "Petra", "Ralf", "Sabine", "Stefan", "Tobias", "Ulrike", "Uwe",
    ),
    "french": (
        "Adèle", "Antoine", "Aurélie", "Baptiste", "Camille", "Céline", "Claire", "Denis", "Élodie", "Étienne",
        "Fabien", "Florence", "Gaspard", "Hélène", "Inès", "Jules", "Léa", "Louis", "Manon", "Mathieu", "Nadine",
        "Noémie", "Olivier", "Pascal", "Pauline", "Rémi", "Sandrine", "Simon", "Thibault", "Yves",
    ),
    "spanish": (
        "Alba", "Álvaro", "Andrea", "Beatriz", "Carlos", "Carmen", "Diego", "Elena", "Emilio", "Esther", "Gonzalo",
        "Inés", "Irene", "Javier", "Jorge", "Lucía", "Luis", "Manuel", "Marina", "Mateo", "Nuria", "Óscar", "Pablo",
        "Pilar", "Raquel", "Ricardo", "Rocío", "Sergio", "Teresa", "Tomás",
    ),
    "nordic": (
        "Agnes", "Anders", "Astrid", "Axel", "Bengt", "Birgitte", "Ebba", "Einar", "Elin", "Emil", "Freja", "Gunnar",
        "Hilde", "Ida", "Ingrid", "Jens", "Johan", "Karin", "Lars", "Liv", "Magnus", "Maja", "Niklas", "Oskar",
        "Per", "Ronja", "Sigrid", "Sven", "Tove", "Ulla",
    ),
    "indian": (
        "Aditi", "Aditya", "Ananya", "Anil", "Arjun", "Deepa", "Divya", "Gaurav", "Harish", "Isha", "Kavita",
        "Kiran", "Lakshmi", "Manish", "Meera", "Mohan", "Nandini", "Neha", "Nikhil", "Pooja", "Pradeep", "Priya",
        "Rahul", "Ravi", "Rohan", "Sanjay", "Shreya", "Sunita", "Varun", "Vikram",
    ),
    "japanese": (
        "Aiko", "Akira", "Asuka", "Ayumi", "Daichi", "Emi", "Haruka", "Haruto", "Hikari", "Hiroshi", "Kana", "Kenji",
        "Kenta", "Mai", "Makoto", "Mari", "Masato", "Megumi", "Naoki", "Rin", "Ryo", "Sakura", "Satoshi", "Shota",
        "Takumi", "Tomoko", "Yoko", "Yui", "Yuki", "Yuto",
    ),
}  # fmt: skip
SURNAMES = {
    "english": (
        "Abbott", "Barlow", "Carver", "Dawson", "Ellery", "Fenwick", "Garland", "Hadley", "Ingram", "Jarvis",
        "Kendall", "Lockhart", "Mercer", "Norwood", "Osborne", "Prescott", "Quinn", "Radcliffe", "Sheldon", "Thorne",
        "Underhill", "Vance", "Whitaker", "Yardley", "Ashdown", "Bexley", "Colburn", "Drayton", "Everett", "Holloway",
    ),
    "german": (
        "Ahrens", "Bergmann", "Conrad", "Dietrich", "Engel", "Fromm", "Gerlach", "Hartwig", "Imhoff", "Jansen",
        "Kessler", "Lindner", "Mertens", "Neumann", "Oppermann", "Petersen", "Reuter", "Sander", "Thiele", "Ullmann",
        "Vogt", "Wendt", "Zeller", "Brandt", "Ebert", "Falk", "Grimm", "Hoffer", "Krause", "Steiner",
    ),
    "french": (
        "Aubert", "Blanchard", "Chevalier", "Delorme", "Évrard", "Fontaine", "Gauthier", "Huet", "Imbert", "Joubert",
        "Lacroix", "Marchand", "Noël", "Olivier", "Perrin", "Renaud", "Savary", "Tessier", "Vasseur", "Wagnon",
        "Barbier", "Collet", "Duval", "Faure", "Girard", "Lemoine", "Moulin", "Picard", "Rolland", "Thibaud",
    ),
    "spanish": (
        "Aguilar", "Benítez", "Campos", "Delgado", "Escobar", "Fuentes", "Gallego", "Herrera", "Ibáñez", "Jurado",
        "Lozano", "Molina", "Navarro", "Ortega", "Pascual", "Quintana", "Rivas", "Salgado", "Tejada", "Urrutia",
        "Vega", "Zamora", "Bravo", "Castaño", "Duarte", "Ferrer", "Medina", "Paredes", "Solís", "Vidal",
    ),
    "nordic": (
        "Ahlberg", "Bakke", "Carlsen", "Dahl", "Ekström", "Falk", "Grönberg", "Hagen", "Isaksen", "Jensen", "Knudsen",
        "Lindqvist", "Moberg", "Nyström", "Olsen", "Persson", "Rask", "Sandvik", "Thorsen", "Ulvestad", "Vinter",
        "Wahlgren", "Åberg", "Østergaard", "Berglund", "Eide", "Holm", "Kjær", "Lund", "Strand",
    ),
    "indian": (
        "Agarwal", "Bhatt", "Chandra", "Desai", "Ghosh", "Iyer", "Jain", "Kapoor", "Kulkarni", "Mehta", "Menon",
        "Mishra", "Nair", "Patel", "Pillai", "Rao", "Reddy", "Saxena", "Shah", "Sharma", "Singh", "Sinha",
        "Srinivasan", "Trivedi", "Varma", "Bose", "Dutta", "Joshi", "Krishnan", "Murthy",
    ),
    "japanese": (
        "Abe", "Endo", "Fujii", "Goto", "Hara", "Hayashi", "Ishida", "Ito", "Kato", "Kimura", "Kondo", "Maeda",
        "Matsuda", "Mori", "Nakamura", "Nishimura", "Ogawa", "Okada", "Ota", "Saito", "Sakai", "Sasaki", "Shimizu",
        "Takeda", "Tanaka", "Ueda", "Wada", "Yamada", "Yano", "Yoshida",
    ),
}  # fmt: skip

TITLES: dict[Role, dict[str, tuple[str, ...]]] = {
    Role.CHAMPION: {
        "manufacturing": ("Production Manager", "Plant Manager", "Head of Process Engineering"),
        "health care": ("Practice Manager", "Head of Patient Services", "Clinical Operations Manager"),
        "logistics": ("Fleet Manager", "Head of Dispatch", "Depot Manager"),
    },
    Role.DECIDER: {
        "manufacturing": ("Operations Director", "Managing Director"),
        "health care": ("Administrative Director", "Chief Financial Officer"),
        "logistics": ("Director of Operations", "Managing Director"),
    },
    Role.EVALUATOR: {
        "manufacturing": ("Automation Engineer", "Head of IT"),
        "health care": ("Data Protection Officer", "IT Manager"),
        "logistics": ("Systems Engineer", "IT Manager"),
    },
    Role.USER: {
        "manufacturing": ("Shift Supervisor", "Production Planner", "Quality Inspector", "Maintenance Technician"),
        "health care": ("Receptionist", "Ward Coordinator", "Laboratory Assistant", "Medical Secretary"),
        "logistics": ("Dispatcher", "Warehouse Lead", "Customs Clerk", "Route Planner"),
    },
    Role.BUYER: {
        "manufacturing": ("Purchasing Manager",),
        "health care": ("Procurement Officer",),
        "logistics": ("Procurement Manager",),
    },
    Role.SPONSOR: {
        "manufacturing": ("Chief Executive Officer",),
        "health care": ("Chief Medical Officer",),
        "logistics": ("Chief Executive Officer",),
    },
}
