using System.Globalization;

namespace ModelForge.Corpus.Reading;

/// <summary>Generates the values of slots.</summary>
internal static class SlotValues
{
    private static readonly string[] Jobs = List("""
        release manager|test engineer|cook|driver|baker|nurse|teacher|lawyer|gardener|painter|data analyst|system administrator|web designer|shop assistant
        product manager|sales clerk|bus driver|book keeper|night guard|librarian|mechanic|carpenter|translator|pilot|journalist|photographer|tax adviser
        network engineer|security officer|team leader|research assistant|project planner|warehouse worker|tailor|plumber|dentist|surgeon|train conductor
        """);

    private static readonly string[] Topics = List("""
        budget review|design review|team meeting|board meeting|sales talk|press conference|training course|code review|safety drill|release meeting
        planning session|customer call|job interview|product demo|security briefing|quarterly review|welcome party|lunch talk|workshop|staff assembly
        status call|strategy meeting|hiring round|music evening|book club|chess match|science fair|choir practice|tax seminar|first aid course
        """);

    private static readonly string[] Teams = List("""
        platform team|sales team|design team|board|city council|security team|data team|support team|steering group|finance team|hiring committee
        legal team|kitchen staff|school board|marketing team|network team|research group|product team|night shift|works council|travel club
        """);

    private static readonly string[] Adjectives = List("red|blue|green|small|large|wooden|steel|glass|folding|heavy|light|round|silent|solar|leather|black|white|golden|short|wide|cheap|classic|digital|portable");

    private static readonly string[] Goods = List("""
        kettle|lamp|chair|table|clock|bicycle|tent|backpack|camera|radio|printer|keyboard|monitor|speaker|heater|fan|blanket|mirror|ladder|hammer|drill
        shelf|sofa|carpet|vase|notebook|helmet|scooter|toaster|mixer|bottle|jacket|guitar|telescope|charger|router|scanner|desk|pan|saw
        """);

    private static readonly string[] Verbs = List("buy|sell|close|open|move|keep|replace|repair|paint|rent|test|delay|cancel|renew|expand|clean|rebuild|audit|double|drop");

    private static readonly string[] Things = List("""
        office|old warehouse|shop|annual party|mail server|training course|delivery trucks|coffee machines|customer survey|parking area|web site|contract
        summer sale|main hall|library|test lab|storage room|night service|phone system|backup plan|new laptops|bus line|market stand|advertising campaign
        """);

    private static readonly string[] Statuses = List("open|closed|blocked|in progress|waiting|solved|rejected|urgent|on hold|under review|unassigned|reopened");
    private static readonly string[] Languages = List("French|German|Spanish|Italian|Polish|Danish|Swedish|Finnish|Dutch|Greek|Turkish|Arabic|Hindi|Korean|Japanese|Thai|Czech|Latvian|Welsh|Basque|Tamil|Swahili|Zulu|Catalan");
    private static readonly string[] Months = List("January|February|March|April|May|June|July|August|September|October|November|December");
    private static readonly string[] Currencies = List("euros|dollars|pounds|francs|crowns|yen");
    private static readonly string[] FileWords = List("report|invoice|notes|photo|backup|plan|list|letter|budget|draft|log|map|song|video|table|summary|contract|slides|image|data");
    private static readonly string[] FileEnds = List("pdf|txt|csv|zip|png|json|docx|mp3|xlsx|md|log|html");
    private static readonly string[] Domains = List("example|net|org|com|io|dev");

    public static string Next(SlotKind kind, CorpusRandom random, CorpusSplit split) => kind switch
    {
        SlotKind.Person => MadeUpNames.Person(random, split),
        SlotKind.City => MadeUpNames.City(random, split),
        SlotKind.Company => MadeUpNames.Company(random, split),
        SlotKind.Job => random.Pick(Jobs),
        SlotKind.Project => MadeUpNames.Project(random, split),
        SlotKind.Amount => Amount(random),
        SlotKind.Date => Date(random),
        SlotKind.Time => Text($"{random.Between(7, 21)}:{random.Next(12) * 5:00}"),
        SlotKind.Topic => random.Pick(Topics),
        SlotKind.Room => random.Chance(0.5) ? Text($"room {random.Between(1, 9)}{random.Between(0, 9)}{random.Between(0, 9)}") : "hall " + MadeUpNames.City(random, split),
        SlotKind.Server => random.Chance(0.5) ? Text($"{MadeUpNames.Plain(random, split)}-{random.Between(1, 30)}") : MadeUpNames.Plain(random, split),
        SlotKind.Address => Text($"10.{random.Next(256)}.{random.Next(256)}.{random.Between(1, 254)}"),
        SlotKind.Program => MadeUpNames.Plain(random, split),
        SlotKind.Version => random.Chance(0.5) ? Text($"{random.Between(0, 12)}.{random.Next(20)}") : Text($"{random.Between(0, 12)}.{random.Next(20)}.{random.Next(30)}"),
        SlotKind.Port => Text($"{random.Between(1000, 9999)}"),
        SlotKind.Product => random.Pick(Adjectives) + " " + random.Pick(Goods),
        SlotKind.Count => Text($"{random.Between(2, random.Chance(0.5) ? 99 : 999)}"),
        SlotKind.Year => Text($"{random.Between(1850, 2029)}"),
        SlotKind.Team => random.Pick(Teams),
        SlotKind.Decision => Decision(random, split),
        SlotKind.Ticket => Text($"{(char)('A' + random.Next(26))}{(char)('A' + random.Next(26))}-{random.Between(10, 999)}"),
        SlotKind.Status => random.Pick(Statuses),
        SlotKind.File => FileName(random, split),
        SlotKind.Size => Text($"{random.Between(2, 900)} {random.Pick<string>(["KB", "MB", "GB"])}"),
        SlotKind.Order => Text($"{random.Between(100, 9999)}"),
        SlotKind.Code => Code(random),
        SlotKind.Train => Text($"{random.Pick<string>(["IC", "RE", "EC", "S", "R"])} {random.Between(10, 999)}"),
        SlotKind.Platform => Text($"{random.Between(1, 24)}"),
        SlotKind.Email => Text($"{MadeUpNames.Plain(random, split)}@{MadeUpNames.Plain(random, split)}.{random.Pick(Domains)}"),
        SlotKind.Extension => Text($"{random.Between(200, 9999)}"),
        SlotKind.Language => random.Pick(Languages),
        SlotKind.Percent => Text($"{random.Between(2, 80)} percent"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Date(CorpusRandom random)
    {
        var (day, month) = (random.Between(1, 28), random.Pick(Months));
        return random.Next(3) switch
        {
            0 => Text($"{day} {month}"),
            1 => Text($"{month} {day}"),
            _ => Text($"{day} {month} {random.Between(1950, 2039)}"),
        };
    }

    private static string Amount(CorpusRandom random)
    {
        var number = random.Next(3) switch { 0 => random.Between(5, 99), 1 => random.Between(100, 999), _ => random.Between(10, 990) * 100 };
        return random.Chance(0.15) ? Text($"{random.Between(2, 90)} million {random.Pick(Currencies)}") : Text($"{number} {random.Pick(Currencies)}");
    }

    private static string Decision(CorpusRandom random, CorpusSplit split)
    {
        var decision = random.Pick(Verbs) + " the " + random.Pick(Things);
        return random.Next(4) switch
        {
            0 => decision + " in " + MadeUpNames.City(random, split),
            1 => Text($"{decision} in {random.Pick(Months)}"),
            2 => Text($"{decision} before {Date(random)}"),
            _ => decision,
        };
    }

    private static string FileName(CorpusRandom random, CorpusSplit split)
    {
        var name = random.Chance(0.5) ? random.Pick(FileWords) : MadeUpNames.Plain(random, split);
        return random.Chance(0.5) ? Text($"{name}-{random.Between(1, 99)}.{random.Pick(FileEnds)}") : Text($"{name}.{random.Pick(FileEnds)}");
    }

    private static string Code(CorpusRandom random) => string.Create(random.Between(4, 6), random, static (code, random) =>
    {
        const string Characters = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ0123456789";
        foreach (ref var character in code)
            character = Characters[random.Next(Characters.Length)];
    });

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string[] List(string text) => text.Split(['|', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
