using System.Globalization;
using LLMOS.Inference.Sampling;
using LLMOS.SystemInterface.Syscalls;
using ModelForge.Corpus;
using ModelForge.Corpus.Shell;
using ModelForge.Evaluation.Shell;
using ModelForge.Tests.Tokenization;

namespace ModelForge.Tests.Shell;

public sealed class ShellSourceTests : IDisposable
{
    private static readonly ShellSource Source = new();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Noise_leaves_sentences_that_can_be_learned_or_none()
    {
        var maker = new SentenceMaker(new SlotValues());
        var template = TemplateFile.Parse("one word", "halt => ps").Single();
        var random = new CorpusRandom(1);
        var texts = Enumerable.Range(0, 20_000).Select(_ => maker.Make(template, template.Expand(random), random, noisy: true).Text).ToArray();

        Assert.Contains("", texts);
        Assert.Contains("halt", texts);
        Assert.Contains(texts, text => text.Contains("halt", StringComparison.OrdinalIgnoreCase) && text.Split(' ').Length > 1);
    }

    [Fact]
    public void What_is_to_be_said_is_read_back_as_the_calls_of_the_sentence()
    {
        var random = new CorpusRandom(7);
        for (var i = 0; i < 5000; i++)
        {
            var sentence = Source.Trained(random);
            var reply = SyscallParser.Parse(SyscallText.Write(sentence), sentence.Text);
            Assert.True(sentence.Calls.SequenceEqual(reply.Calls), $"{sentence.Text}: {SyscallText.Write(sentence)} was read as {string.Join("; ", reply.Calls)} ({reply.Answer})");
        }
    }

    [Fact]
    public void What_is_to_be_said_is_allowed_by_the_grammar_of_the_sentence()
    {
        using var model = Sample.Load(_folder, Sample.Vocabulary);
        var random = new CorpusRandom(8);
        for (var i = 0; i < 400; i++)
        {
            var sentence = Source.Trained(random);
            var text = SyscallText.Write(sentence);
            using var grammar = GrammarConstraint.Parse(model, SyscallGrammar.For(sentence.Text), "root");
            foreach (var token in model.Tokenize(text, addSpecial: false, parseSpecial: false))
            {
                Assert.True(grammar.Allows(token), $"{sentence.Text}: the grammar does not allow {text} from '{model.Detokenize([token])}' on.");
                grammar.Accept(token);
            }

            Assert.True(grammar.Allows(model.EndToken), $"{sentence.Text}: {text} is not the whole of it.");
        }
    }

    [Fact]
    public void The_grammar_grows_no_faster_than_the_sentence()
    {
        var once = SyscallGrammar.For(Words(100)).Length;
        var twice = SyscallGrammar.For(Words(200)).Length;
        var four = SyscallGrammar.For(Words(400)).Length;
        Assert.InRange((four - twice) / (double)(twice - once), 1.8, 2.2);

        static string Words(int count) => string.Join(' ', Enumerable.Range(1000, count).Select(number => "w" + number.ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void No_trained_sentence_is_one_of_the_exam_or_shares_a_run_of_words_with_it()
    {
        var guard = new ExamGuard(TemplateFile.Load("heldout.templates"), ["Kill 42!"]);

        // Short ones too, which have no run of words.
        Assert.All(TemplateFile.Load("heldout.templates"), template => Assert.False(guard.Allows(template.Expand(new CorpusRandom(1)))));

        Assert.False(guard.Allows("kill 42"));
        Assert.True(guard.Allows("kill 43"));

        // The source is asked for what it says, and the exam for whether that is its own: of held-out phrasings by words, as nothing else of a template is left.
        var byHand = HandwrittenSentences.First().Concat(HandwrittenSentences.Second()).Select(sentence => sentence.Text).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var heldOut = ShellEvaluation.HeldOut().Select(sentence => sentence.Text).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var random = new CorpusRandom(3);
        for (var i = 0; i < 20_000; i++)
        {
            var sentence = Source.Trained(random).Text;
            Assert.False(byHand.Contains(sentence), sentence);
            Assert.False(heldOut.Contains(sentence) && sentence.Count(character => character == ' ') > 3, sentence);
        }
    }

    [Fact]
    public void The_exam_is_large_enough_and_every_line_of_it_can_be_read()
    {
        Assert.InRange(Source.HeldOutCount, 150, int.MaxValue);
        Assert.Equal((200, 200), (HandwrittenSentences.First().Count, HandwrittenSentences.Second().Count));
        Assert.Contains("are you a human (be honest)?", HandwrittenSentences.Second().Select(sentence => sentence.Text));
        Assert.InRange(HandwrittenSentences.First().Select(sentence => sentence.Text).Intersect(HandwrittenSentences.Second().Select(sentence => sentence.Text), StringComparer.OrdinalIgnoreCase).Count(), 0, 10);
        Assert.All(
            ShellEvaluation.HeldOut().Concat(HandwrittenSentences.First()).Concat(HandwrittenSentences.Second()).SelectMany(sentence => sentence.Calls), call =>
            {
                var missing = SyscallCatalog.Find(call.Name)!.Parameters.Where(parameter => parameter.Required && !call.Args.ContainsKey(parameter.Name));
                Assert.Empty(missing.Select(parameter => $"{call}: {parameter.Name}"));
            });
    }

    [Fact]
    public void Every_system_call_is_trained_and_so_is_saying_none()
    {
        var random = new CorpusRandom(11);
        var said = Enumerable.Range(0, 8000).Select(_ => Source.Trained(random)).ToArray();
        var names = said.SelectMany(sentence => sentence.Calls).CountBy(call => call.Name).ToDictionary();
        Assert.All(SyscallCatalog.All, call => Assert.InRange(names.GetValueOrDefault(call.Name), 20, 3000));
        Assert.InRange(said.Count(sentence => sentence.Calls.IsEmpty), 500, 1200);
        Assert.InRange(said.Count(sentence => sentence.Calls.Length > 1), 500, 1600);
    }
}
