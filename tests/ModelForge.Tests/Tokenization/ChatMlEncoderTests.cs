using LLMOS.Inference;
using ModelForge.Corpus;
using ModelForge.Tokenization;

namespace ModelForge.Tests.Tokenization;

/// <summary>A document's tokens against those that the engine is given for the same chat.</summary>
public sealed class ChatMlEncoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_prompt_has_the_tokens_that_the_runtime_gives_the_engine()
    {
        using var model = Sample.Load(_folder, Sample.Vocabulary);
        var encoder = new ChatMlEncoder(Sample.Vocabulary);
        Assert.False(model.UsesFallbackChatTemplate);
        foreach (var text in Sample.Texts(21, 100).Concat(Sample.OddTexts(22, 300)))
        {
            DocumentMessage[] messages = [new("system", "You are a coder."), new("user", text), new("assistant", " " + text), new("user", text + "\n")];

            var runtime = model.Tokenize(model.ApplyChatTemplate([.. messages.Select(message => new ChatTurn(message.Role, message.Text))]));

            Assert.Equal(runtime, encoder.EncodePrompt(messages));
        }
    }

    [Fact]
    public void The_answer_begins_behind_the_prompt_and_ends_with_the_turn()
    {
        var encoder = new ChatMlEncoder(Sample.Vocabulary);
        DocumentMessage[] prompt = [new("user", "kill the process 7")];

        var document = encoder.Encode(new Document("t", [.. prompt, new("assistant", "\n    return 7")]), task: 3);

        Assert.Equal(3, document.Task);
        Assert.Equal(encoder.EncodePrompt(prompt), document.Tokens[..document.Learned[0].Start]);
        Assert.Equal(Sample.Vocabulary.ImEndId, document.Tokens[^1]);
        Assert.Equal("\n    return 7", encoder.Texts.Decode(document.Tokens.AsSpan(document.Learned[0].Start)));
        Assert.Equal("\n    return ", Sample.Vocabulary.Pieces[document.Tokens[document.Learned[0].Start]].Text);
    }

    [Fact]
    public void A_document_without_an_answer_is_refused()
    {
        var encoder = new ChatMlEncoder(Sample.Vocabulary);

        Assert.Throws<ArgumentException>(() => encoder.Encode(new Document("t", [new("user", "hello")]), 0));
        Assert.Throws<ArgumentException>(() => encoder.Encode(new Document("t", []), 0));
    }
}
