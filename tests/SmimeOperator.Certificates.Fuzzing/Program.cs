using SharpFuzz;
using SmimeOperator.Certificates.Fuzzing;

// TARGET           under afl-fuzz, or with one input on standard input
// TARGET FILE...   replays files, such as those that a run of the fuzzer found
switch (args)
{
    case [var target] when FuzzTarget.All.ContainsKey(target):
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            FuzzTarget.Run(target, copy.ToArray());
        });
        return 0;
    case [var target, .. var files] when FuzzTarget.All.ContainsKey(target):
        foreach (var file in files)
        {
            Console.WriteLine($"{file}: {FuzzTarget.Run(target, File.ReadAllBytes(file)) ?? "read"}");
        }

        return 0;
    default:
        Console.Error.WriteLine($"Name a target ({string.Join(", ", FuzzTarget.All.Keys)}), and files to replay.");
        return 2;
}
