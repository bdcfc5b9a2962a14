namespace ModelForge.Corpus.Reading;

/// <summary>
/// Names of people, towns, firms and programs: half from lists, half made up from syllables, so that a model has to copy them and
/// cannot remember them. A name belongs to one split for good, which its letters decide.
/// </summary>
internal static class MadeUpNames
{
    private const double ListedShare = 0.4;
    private const uint Splits = 8;

    private static readonly string[] Onsets = Words("b c d f g h j k l m n p r s t v w z br cr dr fl gr kl kr pl pr sk sl st tr th sh ch qu bl gl");
    private static readonly string[] Vowels = Words("a a a e e i i o o u ai ea ei ia ou oo y ee");
    private static readonly string[] Codas = Words("n n r r l l s t k m d x nd rt ld ck sh ng ss th rn lm");

    private static readonly string[] FirstNames = Words("""
        Anna Ben Clara David Emma Frank Greta Henry Ida Jonas Karin Leo Maria Nils Olga Paul Rosa Simon Tina Viktor Mira Omar Lena Hugo Sara Ivan Nora
        Felix Elena Marco Julia Peter Laura Adam Sofia Oscar Eva Lukas Alice Martin Ingrid Pablo Yuki Chen Amir Fatima Kofi Priya Ravi Mei Diego Lucia
        Tom Kate James Mary John Linda Robert Susan Daniel Helen George Ruth Edward Carol Brian Diane Kevin Amy Jason Rachel Gary Nicole Eric Emily Noah
        """);

    private static readonly string[] LastNames = Words("""
        Berg Lind Novak Costa Silva Meyer Weber Kraus Vogel Braun Fischer Hansen Olsen Nilsen Larsen Moreau Petit Rossi Ricci Bruno Garcia Torres Vega
        Ramos Santos Kim Park Tanaka Sato Singh Patel Khan Okafor Mensah Ivanov Petrov Kowalski Nagy Horvat Popescu Smith Jones Brown Taylor Clark Lewis
        Walker Hall Young King Wright Hill Scott Green Baker Adams Nelson Carter Turner Parker Cook Rogers Reed Bell Cooper Ward Gray Price Wood Ross
        """);

    private static readonly string[] Cities = Words("""
        Oslo Bergen Lisbon Porto Vienna Graz Zurich Basel Geneva Paris Lyon Berlin Hamburg Munich Dresden Madrid Seville Rome Milan Turin Naples Prague
        Warsaw Krakow Riga Vilnius Tallinn Helsinki Turku Stockholm Malmo Copenhagen Aarhus Dublin Cork Leeds York Bath London Glasgow Athens Sofia
        Cairo Lagos Accra Nairobi Delhi Mumbai Pune Tokyo Osaka Kyoto Seoul Busan Sydney Perth Boston Denver Austin Seattle Chicago Toronto Quito Lima
        """);

    private static readonly string[] CompanyEnds = Words("Systems Works Labs Trading Energy Foods Software Motors Bank Logistics Media Health Design Tools Networks Paper Steel Travel");

    public static string Person(CorpusRandom random, CorpusSplit split)
    {
        return Fitting(random, split, static random => random.Next(10) switch
        {
            < 3 => First(random),
            _ => First(random) + " " + Last(random),
        });
    }

    public static string City(CorpusRandom random, CorpusSplit split) =>
        Fitting(random, split, static random => random.Chance(ListedShare) ? random.Pick(Cities) : Capital(random));

    public static string Company(CorpusRandom random, CorpusSplit split) =>
        Fitting(random, split, static random => random.Chance(0.6) ? Last(random) + " " + random.Pick(CompanyEnds) : Capital(random));

    public static string Project(CorpusRandom random, CorpusSplit split) =>
        Fitting(random, split, static random => random.Chance(0.3) ? random.Pick(ProjectNames) : Capital(random));

    /// <summary>A name in lower-case letters.</summary>
    public static string Plain(CorpusRandom random, CorpusSplit split) => Fitting(random, split, Lower);

    private static readonly string[] ProjectNames = Words("""
        Falcon Atlas Comet Delta Orion Phoenix Titan Apollo Aurora Nova Zephyr Mercury Neptune Pegasus Horizon Summit Harbor Cedar Maple Granite
        Copper Cobalt Amber Indigo Raven Otter Badger Heron Lynx Beacon Anchor Compass Lantern Meadow Glacier Canyon Willow Juniper Saffron Quartz
        """);

    private static string First(CorpusRandom random) => random.Chance(ListedShare) ? random.Pick(FirstNames) : Capital(random);

    private static string Last(CorpusRandom random) => random.Chance(ListedShare) ? random.Pick(LastNames) : Capital(random);

    private static string Capital(CorpusRandom random)
    {
        var name = Lower(random);
        return char.ToUpperInvariant(name[0]) + name[1..];
    }

    private static string Lower(CorpusRandom random)
    {
        // A few of them are no syllables at all, as abbreviations and foreign names look to a small vocabulary.
        if (random.Chance(0.08))
            return string.Create(random.Between(3, 6), random, static (letters, random) =>
            {
                foreach (ref var letter in letters)
                    letter = (char)('a' + random.Next(26));
            });
        var name = "";
        for (var syllables = random.Between(1, 3); syllables > 0; syllables--)
            name += random.Pick(Onsets) + random.Pick(Vowels);
        return random.Chance(0.6) || name.Length < 4 ? name + random.Pick(Codas) : name;
    }

    private static string Fitting(CorpusRandom random, CorpusSplit split, Func<CorpusRandom, string> make)
    {
        while (true)
        {
            var name = make(random);
            if (IsHeldOut(name) == (split == CorpusSplit.HeldOut))
                return name;
        }
    }

    /// <summary>Whether a name belongs to the held-out split (FNV-1a of its letters).</summary>
    internal static bool IsHeldOut(string name)
    {
        var hash = 2166136261u;
        foreach (var letter in name)
            hash = (hash ^ letter) * 16777619u;
        return (hash >> 13) % Splits == 0;
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
