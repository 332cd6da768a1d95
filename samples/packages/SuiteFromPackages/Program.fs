// The laws as test cases of Expecto, from their package, which brings Expecto and the indicators with it.
// for project in Indicators.fs Indicators.Laws Indicators.Laws.Expecto; do dotnet pack src/$project -o artifacts; done
// dotnet run --project samples/packages/SuiteFromPackages -p:RestoreAdditionalProjectSources=$PWD/artifacts
module SuiteFromPackages

open Expecto
open BtcBandit.Indicators
open BtcBandit.Indicators.Laws

[<Tests>]
let average = Laws.tests ("sma of 14 closes", Averages.sma 14)

[<EntryPoint>]
let main args = runTestsInAssemblyWithCLIArgs [ No_Spinner; Summary ] args
