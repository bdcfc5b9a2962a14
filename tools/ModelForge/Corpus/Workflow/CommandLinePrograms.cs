namespace ModelForge.Corpus.Workflow;

/// <summary>Programs that run once for their arguments or their standard input.</summary>
internal static class CommandLinePrograms
{
    public static IReadOnlyList<ProgramKind> All { get; } =
    [
        new()
        {
            Title = "calculator",
            File = "calculator",
            IsCommandLine = true,
            Things = ["calculator", "CLI calculator", "command line calculator", "command-line calculator", "terminal calculator", "pocket calculator", "calculator tool", "console calculator", "calculator script", "desk calculator"],
            Interface = "calculates its arguments, such as 2 + 3 * 4",
            Sample = "2 + 3 * 4",
            PythonModule = "re",
            JavaScript = """
                  if (!/^[-+*/%(). 0-9]+$/.test(text)) throw new Error('not a calculation: ' + text);
                  return Function('return ' + text)();
                """,
            Python = """
                    if not re.fullmatch('[-+*/%(). 0-9]+', text):
                        raise ValueError('not a calculation: ' + text)
                    return eval(text)
                """,
        },
        new()
        {
            Title = "log analyser",
            File = "analyser",
            IsCommandLine = true,
            Things = ["log analyser", "log analyzer", "log file analyser", "log file analyzer", "log parser", "log analysis tool", "tool that analyses logs", "log scanner", "log statistics tool", "log reader"],
            Interface = "counts the levels in a log file",
            Sample = "ERROR disk full",
            JavaScript = """
                  const counts = { lines: 0, ERROR: 0, WARN: 0, INFO: 0 };
                  for (const line of text.split('\n')) {
                    counts.lines += 1;
                    for (const level of ['ERROR', 'WARN', 'INFO']) if (line.includes(level)) counts[level] += 1;
                  }
                  return counts;
                """,
            Python = """
                    counts = {'lines': 0, 'ERROR': 0, 'WARN': 0, 'INFO': 0}
                    for line in text.split('\n'):
                        counts['lines'] += 1
                        for level in ['ERROR', 'WARN', 'INFO']:
                            if level in line:
                                counts[level] += 1
                    return counts
                """,
        },
        new()
        {
            Title = "word counter",
            File = "words",
            IsCommandLine = true,
            Things = ["word counter", "word count tool", "word counting tool", "text statistics tool", "tool that counts words", "line and word counter", "word count script", "word counter script", "text counter"],
            Interface = "counts lines, words and characters of a text",
            Sample = "the quick brown fox",
            JavaScript = """
                  const words = text.split(/\s+/).filter((word) => word.length > 0);
                  return { lines: text.split('\n').length, words: words.length, characters: text.length };
                """,
            Python = """
                    words = text.split()
                    return {'lines': len(text.split('\n')), 'words': len(words), 'characters': len(text)}
                """,
        },
        new()
        {
            Title = "password generator",
            File = "password",
            IsCommandLine = true,
            Things = ["password generator", "password maker", "random password generator", "tool that makes passwords", "password creator", "secure password generator", "passphrase generator", "password tool"],
            Interface = "makes a password of the given length",
            Sample = "16",
            JavaScriptModule = "crypto",
            PythonModule = "secrets",
            JavaScript = """
                  const letters = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
                  let password = '';
                  while (password.length < (Number(text) || 16)) password += letters[crypto.randomInt(letters.length)];
                  return password;
                """,
            Python = """
                    letters = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
                    return ''.join(secrets.choice(letters) for place in range(int(text or 16)))
                """,
        },
        new()
        {
            Title = "unit converter",
            File = "convert",
            IsCommandLine = true,
            Things = ["unit converter", "units converter", "unit conversion tool", "measurement converter", "converter for units", "metric converter", "unit conversion script", "tool that converts units", "length and weight converter"],
            Interface = "converts its arguments, such as 10 km",
            Sample = "10 km",
            JavaScript = """
                  const units = { km: ['miles', 0.621371], kg: ['pounds', 2.204623], m: ['feet', 3.28084], l: ['gallons', 0.264172] };
                  const [amount, unit] = text.split(' ');
                  if (!(unit in units)) throw new Error('unknown unit: ' + unit);
                  return Number(amount) * units[unit][1] + ' ' + units[unit][0];
                """,
            Python = """
                    units = {'km': ['miles', 0.621371], 'kg': ['pounds', 2.204623], 'm': ['feet', 3.28084], 'l': ['gallons', 0.264172]}
                    amount, unit = text.split(' ')
                    if unit not in units:
                        raise ValueError('unknown unit: ' + unit)
                    return str(float(amount) * units[unit][1]) + ' ' + units[unit][0]
                """,
        },
    ];
}
