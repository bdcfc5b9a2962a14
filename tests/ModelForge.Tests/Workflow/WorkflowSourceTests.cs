using ModelForge.Corpus;
using ModelForge.Corpus.Workflow;

namespace ModelForge.Tests.Workflow;

public sealed class WorkflowSourceTests
{
    [Fact]
    public void A_seed_gives_the_same_documents_again()
    {
        var source = new WorkflowSource();
        for (ulong seed = 0; seed < 50; seed++)
        {
            Assert.Equal(
                source.Next(new CorpusRandom(seed), CorpusSplit.Trained).Messages,
                source.Next(new CorpusRandom(seed), CorpusSplit.Trained).Messages);
        }
    }

    [Fact]
    public void Every_role_is_taught_and_prompts_quote_what_was_said_as_the_runtime_does()
    {
        var source = new WorkflowSource();
        var random = new CorpusRandom(11);
        Dictionary<string, int> roles = [];
        for (var i = 0; i < 400; i++)
        {
            var messages = source.Next(random, CorpusSplit.Trained).Messages;

            Assert.Equal(["system", "user", "assistant"], messages.Select(message => message.Role));
            var role = LLMOS.Client.Workflows.BuiltInWorkflows.Load("build-software").Roles.Single(role => role.Prompt == messages[0].Text).Name;
            roles[role] = roles.GetValueOrDefault(role) + 1;
            Assert.StartsWith("[", messages[1].Text, StringComparison.Ordinal);
            Assert.EndsWith("\n\n", messages[1].Text, StringComparison.Ordinal);
            if (role == WorkflowPrompts.Architect)
            {
                Assert.StartsWith("[user]\n", messages[1].Text, StringComparison.Ordinal);
                Assert.StartsWith("Plan: ", messages[2].Text, StringComparison.Ordinal);
            }
            else if (role == WorkflowPrompts.Coder)
            {
                Assert.NotNull(ProgramText.Extract(messages[2].Text));
            }
        }

        Assert.Equal(3, roles.Count);
        Assert.All(roles.Values, count => Assert.True(count > 60));
    }

    [Fact]
    public void A_message_that_was_said_before_is_quoted_once()
    {
        var messages = WorkflowPrompts.Turn(WorkflowPrompts.Reviewer, [("user", "x"), ("coder-agent", "same"), ("reviewer-agent", "no"), ("coder-agent", "same")]);

        Assert.Equal("[user]\nx\n\n[reviewer-agent]\nno\n\n[coder-agent]\nsame\n\n", messages[1].Text);
    }

    [Fact]
    public void Held_out_wordings_share_no_skeleton_or_connective_with_the_trained()
    {
        var (trained, heldOut) = (RequestPhrases.Trained, RequestPhrases.HeldOut);

        Assert.True(trained.Skeletons.Count >= 60);
        Assert.Empty(Texts(trained).Intersect(Texts(heldOut), StringComparer.OrdinalIgnoreCase));

        static IEnumerable<string> Texts(RequestPhrases phrases) =>
            [.. phrases.Skeletons, .. phrases.Namings, .. phrases.Languages, .. phrases.Features];
    }

    [Fact]
    public void Requests_have_no_hole_left()
    {
        var random = new CorpusRandom(5);
        for (var i = 0; i < 2_000; i++)
        {
            var request = RequestWriter.Phrase(RequestWriter.Draw(random), random, i % 2 == 0 ? CorpusSplit.Trained : CorpusSplit.HeldOut);

            Assert.DoesNotContain('{', request);
            Assert.DoesNotContain("  ", request, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Fixed_pieces_are_whole_lines()
    {
        var pieces = new WorkflowSource().FixedPieces;

        Assert.InRange(pieces.Count, 100, 300);
        Assert.Equal(pieces.Count, pieces.Distinct().Count());
        Assert.All(pieces, piece => Assert.True(piece.IndexOf('\n', StringComparison.Ordinal) == piece.Length - 1 && piece.Trim().Length > 0));
        Assert.Contains("const http = require('http');\n", pieces);
    }
}
