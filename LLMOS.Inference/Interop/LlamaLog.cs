using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace LLMOS.Inference.Interop;

/// <summary>Takes llama.cpp's log off the console: whole lines go to a delegate, and a call that fails can ask what was said meanwhile.</summary>
internal static class LlamaLog
{
    private const int Continuation = 5;

    [ThreadStatic]
    private static LlamaLogCapture? _capture;

    [ThreadStatic]
    private static StringBuilder? _line;

    [ThreadStatic]
    private static LlamaLogLevel _lineLevel;

    public static Action<LlamaLogLevel, string>? Sink { get; set; }

    /// <summary>Keeps the errors that native code logs on this thread until it is disposed.</summary>
    public static LlamaLogCapture Capture() => _capture = new LlamaLogCapture(_capture);

    public static void Release(LlamaLogCapture? previous) => _capture = previous;

    public static void Write(LlamaLogLevel level, string line)
    {
        _capture?.Add(level, line);
        try
        {
            Sink?.Invoke(level, line);
        }
        catch (Exception)
        {
            // A log line is not worth a native stack to unwind through.
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static unsafe void OnNativeLine(int level, byte* text, void* userData)
    {
        if (text is null)
            return;
        var line = _line ??= new StringBuilder();
        if (level != Continuation)
        {
            Flush(line);
            _lineLevel = (LlamaLogLevel)level;
        }
        line.Append(Marshal.PtrToStringUTF8((nint)text));
        if (line.Length > 0 && line[^1] == '\n')
            Flush(line);
    }

    private static void Flush(StringBuilder line)
    {
        if (line.Length == 0)
            return;
        var text = line.ToString().TrimEnd();
        line.Clear();
        if (text.Length > 0)
            Write(_lineLevel, text);
    }
}
