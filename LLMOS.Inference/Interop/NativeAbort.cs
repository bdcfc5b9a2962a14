using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LLMOS.Inference.Interop;

/// <summary>
/// What happens when an assertion in llama.cpp fails. Left alone, it ends the process. On a thread that is guarded, the thread is told, and then parked for
/// good with whatever native memory it was working on: a damaged model costs a thread and not the silo.
/// </summary>
internal static unsafe class NativeAbort
{
    [ThreadStatic]
    private static Action<string>? _onAbort;

    public static void Install() => GgmlNative.SetAbortCallback(&OnAbort);

    /// <summary>Guards the present thread from here on.</summary>
    /// <param name="onAbort">Told of the assertion, on the same thread; native code does not go on when it returns.</param>
    public static void GuardThread(Action<string> onAbort) => _onAbort = onAbort;

    /// <summary>Runs something on a guarded thread of its own and waits for it.</summary>
    /// <param name="name">The thread's name.</param>
    /// <param name="work">What to do.</param>
    /// <param name="failure">Makes the exception for a failed assertion.</param>
    public static T Run<T>(string name, Func<T> work, Func<string, LlamaException> failure)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            GuardThread(message => completion.TrySetException(failure(message)));
            try
            {
                completion.TrySetResult(work());
            }
            catch (Exception exception)
            {
                completion.TrySetException(exception);
            }
        })
        {
            IsBackground = true,
            Name = name,
        };
        thread.Start();
        return completion.Task.GetAwaiter().GetResult();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnAbort(byte* message)
    {
        var text = (Marshal.PtrToStringUTF8((nint)message) ?? "an assertion failed").Trim();
        LlamaLog.Write(LlamaLogLevel.Error, text);
        if (_onAbort is not { } onAbort)
        {
            Console.Error.WriteLine(text);
            return; // The process ends.
        }
        try
        {
            onAbort(text[(text.IndexOf("GGML_ASSERT", StringComparison.Ordinal) is >= 0 and var start ? start : 0)..]);
        }
        catch (Exception exception)
        {
            LlamaLog.Write(LlamaLogLevel.Error, exception.Message);
        }
        Thread.Sleep(Timeout.Infinite);
    }
}
