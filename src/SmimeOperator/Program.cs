using SmimeOperator.Hosting;

return await OperatorApplication.RunAsync(args);
