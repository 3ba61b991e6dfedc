using SmimeOperator.Api.Schema;

if (args is not [var folder])
{
    await Console.Error.WriteLineAsync("usage: GenerateCrds <output folder>");
    return 2;
}

Directory.CreateDirectory(folder);
foreach (var (kind, yaml) in CustomResourceDefinitions.Generate())
{
    await File.WriteAllTextAsync(Path.Combine(folder, CustomResourceDefinitions.FileName(kind)), yaml);
}

return 0;
