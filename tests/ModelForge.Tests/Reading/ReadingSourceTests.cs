using System.Text.Json.Nodes;
using ModelForge.Corpus;
using ModelForge.Corpus.Reading;
using ModelForge.Corpus.Reading.Roles;
using ModelForge.Corpus.Reading.Tools;

namespace ModelForge.Tests.Reading;

public sealed class ReadingSourceTests
{
    private const int Count = 400;

    private static readonly ICorpusSource[] All = [new SummarySource(), new QuestionSource(), new ToolCallSource(), new RoleSource(), new ConfidenceSource(), new ChatSource()];

    public static TheoryData<string, CorpusSplit> Tasks => [.. All.SelectMany(source => new[] { (source.Task, CorpusSplit.Trained), (source.Task, CorpusSplit.HeldOut) })];

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Documents_end_with_an_answer_fit_the_context_and_repeat(string task, CorpusSplit split)
    {
        var source = All.Single(source => source.Task == task);
        var documents = Documents(source, split, 7);

        Assert.All(documents, document =>
        {
            Assert.Equal(task, document.Task);
            Assert.Equal("assistant", document.Messages[^1].Role);
            Assert.False(string.IsNullOrWhiteSpace(document.Messages[^1].Text));
            Assert.InRange(document.Messages.Sum(message => message.Text.Length), 10, 4000);
            Assert.All(document.Messages, message => Assert.DoesNotMatch("[@#$&] |  ", message.Text));
            Assert.InRange(document.Messages.Where(message => message.Role == "system").Sum(message => message.Text.Split('\n')[0].Split(' ').Length), 0, 12);
        });
        Assert.Equal(documents.Select(Text), Documents(source, split, 7).Select(Text));
        Assert.NotEqual(documents.Select(Text), Documents(source, split, 8).Select(Text));
    }

    [Theory]
    [InlineData("question")]
    [InlineData("tools")]
    [InlineData("roles")]
    [InlineData("confidence")]
    [InlineData("summary")]
    [InlineData("chat")]
    public void No_held_out_example_is_a_trained_one(string task)
    {
        var source = All.Single(source => source.Task == task);
        var trained = Documents(source, CorpusSplit.Trained, 1).Select(document => document.Messages[^2].Text).ToHashSet(StringComparer.OrdinalIgnoreCase);

        Assert.Empty(trained.Intersect(Documents(source, CorpusSplit.HeldOut, 2).Select(document => document.Messages[^2].Text)));
    }

    [Theory]
    [InlineData(CorpusSplit.Trained)]
    [InlineData(CorpusSplit.HeldOut)]
    public void Answers_stand_in_the_context_with_a_space_before_them(CorpusSplit split)
    {
        var random = new CorpusRandom(3);
        for (var i = 0; i < Count; i++)
        {
            var example = QuestionSource.Answerable(QuestionSource.NextScene(random, split), random, split);
            Assert.Contains(example.Asked, example.Scene.Facts);
            Assert.Contains(" " + example.Answer, example.Prompt[^1].Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_context_does_not_tell_what_is_not_in_it()
    {
        var random = new CorpusRandom(4);
        for (var i = 0; i < Count; i++)
        {
            var example = QuestionSource.Unanswerable(QuestionSource.NextScene(random, CorpusSplit.HeldOut), random, CorpusSplit.HeldOut);
            Assert.Equal("Not in the context.", example.Answer);
            Assert.DoesNotContain(example.Scene.Facts, fact => fact.Kind == example.Asked.Kind && (fact.Entity == example.Asked.Entity || fact.Value == example.Asked.Value));
        }
    }

    [Fact]
    public void Every_question_of_a_conversation_is_answered_from_its_one_context()
    {
        var documents = Documents(new QuestionSource(), CorpusSplit.Trained, 12);

        Assert.Contains(documents, document => document.Messages.Count > 9);
        Assert.All(documents, document =>
        {
            var context = document.Messages[1].Text;
            Assert.Single(document.Messages, message => message.Text.StartsWith("Context:", StringComparison.Ordinal));
            Assert.All(
                document.Messages.Where(message => message.Role == "assistant" && message.Text != " " + ReadingPrompts.NotInContext),
                answer => Assert.Contains(answer.Text, context, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Every_request_of_a_conversation_is_a_call_of_one_of_its_tools()
    {
        var documents = Documents(new ToolCallSource(), CorpusSplit.Trained, 13);

        Assert.Contains(documents, document => document.Messages.Count > 5);
        Assert.All(documents, document =>
        {
            for (var i = 2; i < document.Messages.Count; i += 2)
            {
                var call = JsonNode.Parse(document.Messages[i].Text)!;
                Assert.Contains($"\"name\":\"{call["name"]}\"", document.Messages[0].Text, StringComparison.Ordinal);
                Assert.All(call["arguments"]!.AsObject(), argument => Assert.Contains(argument.Value!.ToString().Trim(), document.Messages[i - 1].Text, StringComparison.Ordinal));
            }
        });
    }

    [Fact]
    public void Claims_that_follow_are_judged_by_the_same_sources()
    {
        var random = new CorpusRandom(14);
        var examples = Enumerable.Range(0, Count).Select(_ => ConfidenceSource.NextCase(random, CorpusSplit.Trained, random.Pick(ConfidenceCase.Words))).ToArray();

        Assert.All(examples, example => Assert.NotEmpty(example.Others));
        Assert.All(examples.Where(example => example.Word == "high"), example => Assert.True(example.Said.GroupBy(fact => fact).Max(same => same.Count()) >= 2));
    }

    [Fact]
    public void Summaries_follow_the_text()
    {
        var random = new CorpusRandom(5);
        for (var i = 0; i < Count; i++)
        {
            var example = SummarySource.NextCase(random, CorpusSplit.Trained, 6);
            var at = 0;
            foreach (var fact in example.Scene.Facts)
            {
                Assert.Contains(" " + fact.Entity, example.Prompt[^1].Text, StringComparison.Ordinal);
                Assert.Contains(" " + fact.Value, example.Prompt[^1].Text, StringComparison.Ordinal);
                at = example.Summary.IndexOf(fact.In(fact.Kind.Summary), at, StringComparison.Ordinal);
                Assert.True(at >= 0, example.Summary);
            }
        }
    }

    [Theory]
    [InlineData(CorpusSplit.Trained)]
    [InlineData(CorpusSplit.HeldOut)]
    public void Calls_are_json_and_their_values_stand_in_the_request(CorpusSplit split)
    {
        var random = new CorpusRandom(6);
        for (var i = 0; i < Count; i++)
        {
            var example = ToolCallSource.NextCase(random, split);
            var call = JsonNode.Parse(example.Call)!;
            Assert.Contains(example.Tools, tool => tool.Name == call["name"]!.ToString());
            Assert.NotNull(JsonNode.Parse(ToolDefinition.ListOf(example.Tools)));
            Assert.All(call["arguments"]!.AsObject(), argument => Assert.Contains(argument.Value!.ToString().Trim(), example.Request, StringComparison.Ordinal));
            Assert.Equal(example.Tools.Count, example.Tools.Select(tool => tool.Name).Distinct().Count());
        }
    }

    [Theory]
    [InlineData(3, 0, "high")]
    [InlineData(2, 0, "high")]
    [InlineData(1, 0, "medium")]
    [InlineData(2, 1, "medium")]
    [InlineData(1, 1, "low")]
    [InlineData(1, 2, "low")]
    [InlineData(0, 1, "low")]
    [InlineData(0, 0, "low")]
    public void Confidence_follows_the_sources(int support, int against, string word) => Assert.Equal(word, ConfidenceSource.Judge(support, against));

    [Fact]
    public void Surer_words_are_true_more_often()
    {
        var random = new CorpusRandom(9);
        var shares = ConfidenceCase.Words.Select(word => Enumerable.Range(0, 1000).Average(_ => ConfidenceSource.NextCase(random, CorpusSplit.Trained, word).IsTrue ? 1.0 : 0)).ToArray();

        Assert.InRange(shares[0], shares[1] + 0.1, 0.99);
        Assert.InRange(shares[1], shares[2] + 0.2, 0.9);
    }

    [Theory]
    [InlineData("Mira\nOslo", " Mira\n Oslo")]
    [InlineData(" Mira (Oslo)", " Mira ( Oslo)")]
    [InlineData("say \"hello\" now", " say \" hello\" now")]
    [InlineData("say:\"hello\", \"you\"", " say:\" hello\", \" you\"")]
    [InlineData("", "")]
    public void Words_get_a_space_before_them(string text, string spaced) => Assert.Equal(spaced, ReadingPrompts.Spaced(text));

    private static Document[] Documents(ICorpusSource source, CorpusSplit split, ulong seed)
    {
        var random = new CorpusRandom(seed);
        return [.. Enumerable.Range(0, Count).Select(_ => source.Next(random, split))];
    }

    private static string Text(Document document) => string.Join('\n', document.Messages.Select(message => message.Text));
}
