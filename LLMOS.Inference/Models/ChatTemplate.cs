using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using LLMOS.Inference.Interop;

namespace LLMOS.Inference.Models;

/// <summary>Renders chats with one of the templates that llama.cpp recognises; one that it does not know is replaced by ChatML.</summary>
internal sealed unsafe class ChatTemplate
{
    private const string ChatMl = "chatml";

    private readonly byte[] _template;

    public ChatTemplate(string? modelTemplate, string modelName)
    {
        Source = modelTemplate;
        _template = ZeroTerminated(modelTemplate ?? ChatMl);
        if (modelTemplate is null)
        {
            IsFallback = true;
            LlamaLog.Write(LlamaLogLevel.Warning, $"The model '{modelName}' brings no chat template: chats are rendered as ChatML.");
        }
        else if (Apply([new ChatTurn("user", "x")], addAssistant: true) is null)
        {
            IsFallback = true;
            _template = ZeroTerminated(ChatMl);
            LlamaLog.Write(LlamaLogLevel.Warning, $"The chat template of the model '{modelName}' is not one that llama.cpp v{LlamaRuntime.Release} recognises: chats are rendered as ChatML.");
        }
    }

    /// <summary>The model's own template; null when it brings none.</summary>
    public string? Source { get; }

    /// <summary>Whether ChatML stands in for the model's own template.</summary>
    public bool IsFallback { get; }

    public string Render(IReadOnlyList<ChatTurn> messages, bool addAssistant) =>
        Apply(messages, addAssistant)
        ?? throw new LlamaException(LlamaError.InvalidRequest, $"The model's chat template refuses a chat of {messages.Count} messages with the roles {string.Join(", ", messages.Select(message => message.Role).Distinct())}.");

    private string? Apply(IReadOnlyList<ChatTurn> messages, bool addAssistant)
    {
        var strings = new byte[messages.Count * 2][];
        var pins = new GCHandle[strings.Length];
        var native = new LlamaChatMessage[messages.Count];
        var characters = 64;
        try
        {
            for (var i = 0; i < messages.Count; i++)
            {
                characters += messages[i].Role.Length + messages[i].Content.Length + 64;
                native[i].Role = Pin(messages[i].Role, i * 2);
                native[i].Content = Pin(messages[i].Content, (i * 2) + 1);
            }
            var buffer = ArrayPool<byte>.Shared.Rent(characters * 2);
            try
            {
                while (true)
                {
                    int length;
                    fixed (byte* template = _template)
                    fixed (LlamaChatMessage* first = native)
                    fixed (byte* output = buffer)
                        length = LlamaVocabNative.ChatApplyTemplate(template, first, (nuint)native.Length, addAssistant, output, buffer.Length);
                    if (length < 0)
                        return null;
                    if (length <= buffer.Length)
                        return Encoding.UTF8.GetString(buffer, 0, length);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = ArrayPool<byte>.Shared.Rent(length);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
        finally
        {
            foreach (var pin in pins)
            {
                if (pin.IsAllocated)
                    pin.Free();
            }
        }

        byte* Pin(string text, int slot)
        {
            strings[slot] = ZeroTerminated(text);
            pins[slot] = GCHandle.Alloc(strings[slot], GCHandleType.Pinned);
            return (byte*)pins[slot].AddrOfPinnedObject();
        }
    }

    private static byte[] ZeroTerminated(string text)
    {
        // A zero inside would end the string for C; the replacement character keeps the rest of the text.
        var clean = text.Replace('\0', '\uFFFD');
        var bytes = new byte[Encoding.UTF8.GetByteCount(clean) + 1];
        Encoding.UTF8.GetBytes(clean, bytes);
        return bytes;
    }
}
