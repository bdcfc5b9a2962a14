using LLMOS.Inference.Gguf;

namespace LLMOS.Inference.Tests.Models;

public sealed class ByteFallbackTests
{
    [Fact]
    public void A_character_that_no_token_spells_is_refused_before_llama_cpp_ends_the_process_on_it()
    {
        var bytes = File.ReadAllBytes(TestModels.Path(GgmlType.F32));
        var at = bytes.AsSpan().IndexOf("<0xC3>"u8);
        Assert.True(at > 0);
        "<0yC3>"u8.CopyTo(bytes.AsSpan(at));
        var path = TestModels.NewPath("without-a-byte.gguf");
        File.WriteAllBytes(path, bytes);
        using var model = LlamaModel.Load(path);
        Assert.Equal(TestModels.F32.Tokenize("plain text, and ģ in other bytes"), model.Tokenize("plain text, and ģ in other bytes"));
        Sentences.Refused(LlamaError.InvalidRequest, () => model.Tokenize("caf\u00e9"), "U+00E9", "0xC3");
    }

    [Fact]
    public void A_vocabulary_with_all_bytes_spells_everything() => Assert.NotEmpty(TestModels.F32.Tokenize("caf\u00e9 \U0001F600 \ud800"));
}
