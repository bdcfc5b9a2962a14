namespace ModelForge.Corpus.Reading;

/// <summary>Small talk, and honest answers of a model that knows nothing of the world.</summary>
public sealed class ChatSource : ICorpusSource
{
    private const string Abilities = "I can turn a sentence into system calls, answer questions from a text, summarize it, call tools and plan small programs.";

    private static readonly string[] Systems = Fillers.Lines("""
        You are a helpful assistant.
        You are an agent.
        Answer the user.
        You are a process of LLMOS.
        Be short.
        """);

    private static readonly (string Answer, string[] Trained, string[] HeldOut)[] Talk =
    [
        ("Hello! What can I do for you?", List("hello|hi|hey|good morning|good evening|hello there|hi there|hey you|greetings|good day|hi nano|hello nano|hallo|hey there|good afternoon|is anyone there"), List("hey nano|hello my friend|hi, good morning")),
        (Abilities, List("what can you do|what are you able to do|help me|how can you help me|what do you do|what are you good at|what can I ask you|tell me what you can do|which tasks can you do|what are you for|how do you help|what are your skills|list your abilities"), List("what are you capable of|what could you do for me|tell me about your skills")),
        (ReadingPrompts.Introduction + " " + Abilities, List("who are you|what are you|what is your name|tell me who you are|introduce yourself|are you a model|which model are you|do you have a name|what is nano|are you a human|are you a robot|what model is this|who am I talking to|tell me about yourself"), List("what should I call you|who is this|say who you are")),
        ("I was made for LLMOS and trained on text that a program wrote.", List("who made you|who built you|where do you come from|how were you trained|who trained you|what were you trained on|who is your maker|how were you made"), List("who created you|what is your training")),
        ("You are welcome.", List("thanks|thank you|thank you very much|many thanks|thanks a lot|great, thanks|ok thanks|thank you nano|well done|good job|nice work|thanks for the help|that was helpful|perfect"), List("thanks so much|thank you for your help|very nice, thank you")),
        ("Goodbye!", List("bye|goodbye|see you|see you later|good night|that is all|bye bye|I have to go|until tomorrow|farewell|see you soon"), List("bye for now|so long|I am leaving")),
        ("I am a small model and have no feelings, but I am ready.", List("how are you|how are you doing|how do you feel|are you well|are you happy|how is it going|what is up|are you tired|do you have feelings"), List("how are things|are you fine|is all well with you")),
        ("Yes, I am ready.", List("are you there|are you ready|can you hear me|are you awake|are you working|do you work|test|ping|are you online|can we start"), List("are you listening|shall we begin")),
    ];

    // @ is a person, # a town, % a year, & a thing.
    private static readonly string[] Trained = Fillers.Lines("""
        what is the capital of #
        who is the president of #
        how many people live in #
        who was @
        who wrote the book about &
        when was @ born
        who won the game in %
        what happened in %
        how far is it from # to the sea
        what is the weather in #
        what will the weather be tomorrow
        why is the sky blue
        how does a & work
        what is a & made of
        how do I repair a &
        what is the meaning of life
        tell me about #
        tell me about @
        what do you know about @
        who invented the &
        how old is the world
        how high is the highest mountain
        what is the largest city in the world
        who is the richest person
        what time is it
        what day is today
        what is the news
        tell me a joke
        what is the best & to buy
        how much does a & cost
        which team won in %
        what is the speed of light
        who painted this picture
        how many stars are there
        what is the population of #
        is # a nice city
        how do I get to #
        how do I cook rice
        what is love
        give me advice about money
        which language do they speak in #
        what is the stock price of @
        who discovered #
        where is #
        what is the square root of %
        how many days has the year %
        explain the history of #
        what should I eat today
        can you recommend a &
        is it going to rain in #
        """);

    private static readonly string[] HeldOut = Fillers.Lines("""
        which river runs through #
        name the king of #
        what did @ do in %
        how tall is @
        what is the use of a &
        do you know @
        what was the most important event of %
        how warm is it in #
        """);

    /// <inheritdoc/>
    public string Task => "chat";

    /// <inheritdoc/>
    public double Weight => 0.01;

    /// <inheritdoc/>
    public IReadOnlyList<string> FixedPieces => [];

    /// <inheritdoc/>
    public Document Next(CorpusRandom random, CorpusSplit split)
    {
        ArgumentNullException.ThrowIfNull(random);
        var (text, answer) = random.Chance(0.5) ? (World(random, split), ReadingPrompts.DoNotKnow) : SmallTalk(random, split);
        text = random.Chance(0.5) ? char.ToUpperInvariant(text[0]) + text[1..] : text;
        if (random.Chance(0.5))
            text += random.Pick<string>(answer == ReadingPrompts.DoNotKnow ? ["?", "?", "."] : ["?", "!", "."]);
        var system = random.Chance(0.4) ? null : random.Pick(Systems);
        return new Document(Task, [.. ReadingPrompts.Chat(system, text), new("assistant", " " + answer)]);
    }

    private static (string Text, string Answer) SmallTalk(CorpusRandom random, CorpusSplit split)
    {
        var (answer, trained, heldOut) = random.Pick(Talk);
        return (random.Pick(split == CorpusSplit.Trained ? trained : heldOut), answer);
    }

    private static string World(CorpusRandom random, CorpusSplit split)
    {
        var text = random.Pick(split == CorpusSplit.Trained ? Trained : HeldOut);
        foreach (var (mark, kind) in new[] { ("#", SlotKind.City), ("@", SlotKind.Person), ("%", SlotKind.Year), ("&", SlotKind.Product) })
        {
            if (text.Contains(mark, StringComparison.Ordinal))
                text = text.Replace(mark, SlotValues.Next(kind, random, split), StringComparison.Ordinal);
        }
        return text;
    }

    private static string[] List(string text) => text.Split('|');
}
